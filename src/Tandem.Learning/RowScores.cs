namespace Tandem.Learning;

/// <summary>What a model said of rows, with what became of them: the raw material of figures, calibration and
/// decisions.</summary>
public sealed record RowScores
{
    /// <summary>What labels and scores mean.</summary>
    public RowTarget Target { get; init; } = RowTarget.Binary;

    /// <summary>The scores, shape (rows, <see cref="RowTarget.OutputCount"/>), finite.</summary>
    public required float[] Values { get; init; }

    /// <summary>The labels, shape (rows, <see cref="RowTarget.LabelCount"/>).</summary>
    public required float[] Labels { get; init; }

    /// <summary>Number of the group of each row: a query, or whose row it is. Rows of a group are resampled together; those
    /// of <see cref="RowTargetKind.Order"/> stand together, too. Empty where rows stand alone.</summary>
    public int[] Groups { get; init; } = [];

    /// <summary>Weight of each row in every figure, > 0; empty means 1 for all.</summary>
    public float[] Weights { get; init; } = [];

    /// <summary>Number of rows.</summary>
    public int Count => Labels.Length / Target.LabelCount;

    /// <summary>Scores rows by a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows, of its target.</param>
    public static RowScores Of(IRowScorer model, LabelledRows rows)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        float[] values = new float[(long)rows.Count * rows.Target.OutputCount];
        model.ScoreRows(rows.Features, values);
        return new RowScores
        {
            Target = rows.Target,
            Values = values,
            Labels = rows.Labels,
            Groups = rows.Groups,
            Weights = rows.Weights,
        };
    }

    /// <summary>What probabilities expect to happen, before anybody knows: each row twice, as a positive that weighs its
    /// probability p and as a negative that weighs 1 − p. A metric of such rows is the estimate of itself.</summary>
    /// <param name="logOdds">Calibrated log-odds of rows without labels.</param>
    /// <remarks>Confidence-based performance estimation (NannyML). It holds where probabilities are calibrated and features
    /// mean what they meant: it sees a drift of the rows, not one of what becomes of them. Resamples draw the rows.</remarks>
    public static RowScores Expected(ReadOnlySpan<float> logOdds)
    {
        List<float> values = new(2 * logOdds.Length);
        List<float> labels = new(values.Capacity);
        List<int> groups = new(values.Capacity);
        List<float> weights = new(values.Capacity);
        for (int row = 0; row < logOdds.Length; row++)
        {
            for (int label = 1; label >= 0; label--)
            {
                float weight = (float)LogOdds.ToProbability(label == 1 ? logOdds[row] : -logOdds[row]);
                if (weight > 0)
                {
                    values.Add(logOdds[row]);
                    labels.Add(label);
                    groups.Add(row);
                    weights.Add(weight);
                }
            }
        }

        return new RowScores { Values = [.. values], Labels = [.. labels], Groups = [.. groups], Weights = [.. weights] };
    }

    /// <summary>Some of the rows, in the order given.</summary>
    /// <param name="rows">Indices of rows.</param>
    public RowScores Take(ReadOnlySpan<int> rows) => this with
    {
        Values = Take(Values, Target.OutputCount, rows),
        Labels = Take(Labels, Target.LabelCount, rows),
        Groups = Groups.Length == 0 ? [] : Take(Groups, 1, rows),
        Weights = Weights.Length == 0 ? [] : Take(Weights, 1, rows),
    };

    /// <summary>Throws unless the arrays fit together and hold what the target takes.</summary>
    internal static void ThrowUnlessSound(RowScores scores)
    {
        int count = scores.Count;
        bool fits = scores.Labels.Length % scores.Target.LabelCount == 0
            && scores.Values.LongLength == (long)count * scores.Target.OutputCount
            && (scores.Groups.Length == 0 || scores.Groups.Length == count)
            && (scores.Weights.Length == 0 || scores.Weights.Length == count);
        if (!fits || !scores.Labels.All(scores.Target.Takes) || !scores.Values.All(float.IsFinite)
            || !scores.Weights.All(static weight => weight > 0 && float.IsFinite(weight)))
        {
            throw new ArgumentException(
                "Scores and labels do not fit together, or a label is none of the target, or a score is not finite, or a " +
                "weight is not above 0.", nameof(scores));
        }
    }

    private static T[] Take<T>(T[] all, int width, ReadOnlySpan<int> rows)
    {
        var taken = new T[rows.Length * width];
        for (int i = 0; i < rows.Length; i++)
        {
            all.AsSpan(rows[i] * width, width).CopyTo(taken.AsSpan(i * width));
        }

        return taken;
    }
}
