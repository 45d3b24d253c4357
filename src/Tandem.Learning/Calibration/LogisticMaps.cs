using Tandem.Numerics;

namespace Tandem.Learning.Calibration;

/// <summary>Maps that are logistic regressions of the score: Platt's, of temperature, and beta.</summary>
internal static class LogisticMaps
{
    private const int MostSteps = 500;
    private const double Tolerance = 1e-10;

    /// <summary>The slope and offset of p = 1 / (1 + e^−(slope·x + offset)) by Platt's targets, (N₊ + 1)/(N₊ + 2) and
    /// 1/(N₋ + 2) instead of 1 and 0.</summary>
    /// <remarks>J. Platt, Probabilistic outputs for support vector machines, 1999.</remarks>
    public static (double Slope, double Offset) FitPlatt(double[] x, bool[] isPositive, double[] weights)
    {
        double positives = 0;
        double negatives = 0;
        for (int row = 0; row < x.Length; row++)
        {
            positives += isPositive[row] ? weights[row] : 0;
            negatives += isPositive[row] ? 0 : weights[row];
        }

        double high = (positives + 1) / (positives + 2);
        double low = 1 / (negatives + 2);
        double[] targets = Array.ConvertAll(isPositive, positive => positive ? high : low);
        double[] found = Fit([x, Ones(x.Length)], targets, weights, [0, Math.Log((positives + 1) / (negatives + 1))]);
        return (found[0], found[1]);
    }

    /// <summary>The slope of p = 1 / (1 + e^−slope·x): one over the temperature.</summary>
    public static double FitTemperature(double[] x, bool[] isPositive, double[] weights) =>
        Fit([x], Targets(isPositive), weights, [1])[0];

    /// <summary>One over the temperature of logits of several classes.</summary>
    /// <remarks>C. Guo and others, On calibration of modern neural networks, 2017.</remarks>
    public static double FitTemperature(RowScores scores, double[] weights)
    {
        double weightSum = weights.Sum();
        double[] point = [1];
        _ = QuasiNewton.Minimise(
            (at, gradient) =>
            {
                double loss = 0;
                double slope = 0;
                Span<float> scaled = new float[scores.Target.Classes];
                for (int row = 0; row < scores.Count; row++)
                {
                    ReadOnlySpan<float> logits = Rows.ClassFigures.Logits(scores, row);
                    for (int i = 0; i < logits.Length; i++)
                    {
                        scaled[i] = (float)(at[0] * logits[i]);
                    }

                    double logSum = Rows.ClassFigures.LogSum(scaled);
                    int label = (int)scores.Labels[row];
                    loss += weights[row] * (logSum - scaled[label]);
                    double mean = 0;
                    for (int i = 0; i < logits.Length; i++)
                    {
                        mean += Math.Exp(scaled[i] - logSum) * logits[i];
                    }

                    slope += weights[row] * (mean - logits[label]);
                }

                gradient[0] = slope / weightSum;
                return loss / weightSum;
            },
            point, MostSteps, Tolerance);
        return point[0];
    }

    /// <summary>a, b and c of logit p′ = a·ln p − b·ln(1 − p) + c, a and b ≥ 0.</summary>
    /// <remarks>M. Kull, T. Silva Filho and P. Flach, Beta calibration, 2017: where a slope would be negative it is 0, and the
    /// others are fitted again.</remarks>
    public static (double Below, double Above, double Offset) FitBeta(double[] x, bool[] isPositive, double[] weights)
    {
        double[] below = Array.ConvertAll(x, static score => -LogOdds.LossOf(score, isPositive: true));
        double[] above = Array.ConvertAll(x, static score => LogOdds.LossOf(score, isPositive: false));
        double[] targets = Targets(isPositive);
        double[] ones = Ones(x.Length);
        double[] found = Fit([below, above, ones], targets, weights, [1, 1, 0]);
        if (found[0] < 0)
        {
            double[] again = Fit([above, ones], targets, weights, [1, 0]);
            return (0, again[0], again[1]);
        }

        if (found[1] < 0)
        {
            double[] again = Fit([below, ones], targets, weights, [1, 0]);
            return (again[0], 0, again[1]);
        }

        return (found[0], found[1], found[2]);
    }

    private static double[] Ones(int count)
    {
        double[] ones = new double[count];
        Array.Fill(ones, 1);
        return ones;
    }

    private static double[] Targets(bool[] isPositive) => Array.ConvertAll(isPositive, static each => each ? 1d : 0);

    /// <summary>The weights θ that make the mean of −t·ln p − (1 − t)·ln(1 − p) least, p the probability of log-odds
    /// Σ θⱼ·fⱼ.</summary>
    private static double[] Fit(double[][] features, double[] targets, double[] weights, double[] start)
    {
        double weightSum = weights.Sum();
        _ = QuasiNewton.Minimise(
            (at, gradient) =>
            {
                double loss = 0;
                gradient.Clear();
                for (int row = 0; row < targets.Length; row++)
                {
                    double m = 0;
                    for (int j = 0; j < features.Length; j++)
                    {
                        m += at[j] * features[j][row];
                    }

                    loss += weights[row] * (LogOdds.LossOf(m, isPositive: false) - (targets[row] * m));
                    double error = weights[row] * (LogOdds.ToProbability(m) - targets[row]) / weightSum;
                    for (int j = 0; j < features.Length; j++)
                    {
                        gradient[j] += error * features[j][row];
                    }
                }

                return loss / weightSum;
            },
            start, MostSteps, Tolerance);
        return start;
    }
}
