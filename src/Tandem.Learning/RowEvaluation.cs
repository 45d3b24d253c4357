using Tandem.Learning.Ranking;
using Tandem.Numerics.Statistics;

namespace Tandem.Learning;

/// <summary>Judges row scorers by the log-odds they give and what became of the rows.</summary>
/// <remarks>Formulas: <c>docs/formats/evaluation.md</c>. The same figures for any thread count.</remarks>
public static class RowEvaluation
{
    /// <summary>Name of the metric that <see cref="Compare"/> compares by.</summary>
    public const string LogLoss = "log_loss";

    /// <summary>Measures scores.</summary>
    /// <param name="logOdds">Score of each row, finite.</param>
    /// <param name="labels">1 or 0, as long; both occur.</param>
    public static RowFigures Measure(ReadOnlySpan<float> logOdds, ReadOnlySpan<float> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, logOdds.Length, nameof(labels));
        bool[] isPositive = new bool[labels.Length];
        double loss = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            isPositive[row] = labels[row] > 0;
            loss += LossOf(logOdds[row], labels[row]);
        }

        AreaUnderCurve area = AreaUnderCurve.Of(logOdds, isPositive)
            ?? throw new ArgumentException("Rows of one class say nothing.", nameof(labels));
        double share = area.Positives / (double)labels.Length;
        double entropy = -(share * Math.Log(share)) - ((1 - share) * Math.Log(1 - share));
        loss /= labels.Length;
        return new RowFigures(labels.Length, share, loss, loss / entropy, area.Value);
    }

    /// <summary>Compares the log-loss of two scores of the same rows, drawing users, not rows, again: rows of one user go
    /// together.</summary>
    /// <param name="champion">Scores of the model to beat.</param>
    /// <param name="challenger">Scores of the other, as long.</param>
    /// <param name="labels">1 or 0, as long.</param>
    /// <param name="users">Whose row it is, numbered from 0, as long.</param>
    /// <param name="options">Resamples, at least 1, seed and threads.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <returns>The losses; a difference below zero says that the challenger is better.</returns>
    public static MetricComparison Compare(
        ReadOnlySpan<float> champion, ReadOnlySpan<float> challenger, ReadOnlySpan<float> labels,
        ReadOnlySpan<int> users, EvaluationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BootstrapSamples, 1, nameof(options));
        int userCount = 0;
        foreach (int user in users)
        {
            userCount = Math.Max(userCount, user + 1);
        }

        double[] first = new double[userCount];
        double[] second = new double[userCount];
        int[] rows = new int[userCount];
        for (int row = 0; row < labels.Length; row++)
        {
            first[users[row]] += LossOf(champion[row], labels[row]);
            second[users[row]] += LossOf(challenger[row], labels[row]);
            rows[users[row]]++;
        }

        PairedLoss loss = new(first, second, rows);
        int[] once = new int[userCount];
        Array.Fill(once, 1);
        double[] figures = new double[PairedDifference.Count];
        loss.Compute(once, figures);
        double[][] resampled = Bootstrap.Resample(userCount, figures.Length, options, () => loss, cancellationToken);
        double[] interval = Bootstrap.Interval(resampled[PairedDifference.Difference]);
        return new MetricComparison(
            LogLoss, figures[PairedDifference.Champion], figures[PairedDifference.Challenger],
            figures[PairedDifference.Difference], interval[0], interval[1]);
    }

    /// <summary>−ln of the probability that log-odds give to what happened.</summary>
    internal static double LossOf(float logOdds, float label)
    {
        double signed = label > 0 ? -logOdds : logOdds;
        return Math.Max(signed, 0) + Math.Log(1 + Math.Exp(-Math.Abs(signed)));
    }
}
