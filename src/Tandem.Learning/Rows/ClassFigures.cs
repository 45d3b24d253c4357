namespace Tandem.Learning.Rows;

/// <summary>Figures of rows of several classes: logits, whose softmax are the probabilities.</summary>
internal static class ClassFigures
{
    public static RowStatistic LogLoss(RowScores scores)
    {
        double[] losses = new double[scores.Count];
        for (int row = 0; row < losses.Length; row++)
        {
            losses[row] = LogSum(Logits(scores, row)) - Logits(scores, row)[(int)scores.Labels[row]];
        }

        return RowMean.Of(losses);
    }

    public static RowStatistic Accuracy(RowScores scores)
    {
        int[] predicted = Predict(scores);
        double[] isRight = new double[scores.Count];
        for (int row = 0; row < isRight.Length; row++)
        {
            isRight[row] = predicted[row] == (int)scores.Labels[row] ? 1 : 0;
        }

        return RowMean.Of(isRight);
    }

    /// <summary>Mean over the classes that occur or are predicted of a figure of one against all others.</summary>
    public static RowStatistic MacroMean(RowScores scores, Func<Confusion, double> figure)
    {
        int[] predicted = Predict(scores);
        int classes = scores.Target.Classes;
        return weights =>
        {
            double[] both = new double[classes];
            double[] said = new double[classes];
            double[] were = new double[classes];
            double all = 0;
            for (int row = 0; row < weights.Length; row++)
            {
                int label = (int)scores.Labels[row];
                both[label] += label == predicted[row] ? weights[row] : 0;
                said[predicted[row]] += weights[row];
                were[label] += weights[row];
                all += weights[row];
            }

            double sum = 0;
            int count = 0;
            for (int each = 0; each < classes; each++)
            {
                if (said[each] > 0 || were[each] > 0)
                {
                    double right = both[each];
                    sum += figure(new Confusion(
                        right, said[each] - right, were[each] - right, all - said[each] - were[each] + right));
                    count++;
                }
            }

            return count > 0 ? sum / count : double.NaN;
        };
    }

    /// <summary>Calibration error of the probability of the predicted class (Guo and others, <em>On calibration of modern
    /// neural networks</em>, 2017).</summary>
    public static RowStatistic CalibrationError(RowScores scores, int binCount)
    {
        int[] predicted = Predict(scores);
        double[] confidence = new double[scores.Count];
        bool[] isRight = new bool[scores.Count];
        for (int row = 0; row < confidence.Length; row++)
        {
            ReadOnlySpan<float> logits = Logits(scores, row);
            confidence[row] = Math.Exp(logits[predicted[row]] - LogSum(logits));
            isRight[row] = predicted[row] == (int)scores.Labels[row];
        }

        return CalibrationBins.Error(confidence, isRight, binCount);
    }

    /// <summary>ln Σ e^logit.</summary>
    public static double LogSum(ReadOnlySpan<float> logits)
    {
        double most = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            most = Math.Max(most, logit);
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - most);
        }

        return most + Math.Log(sum);
    }

    public static ReadOnlySpan<float> Logits(RowScores scores, int row) =>
        scores.Values.AsSpan(row * scores.Target.Classes, scores.Target.Classes);

    /// <summary>The class of the highest logit; of equal ones the first.</summary>
    private static int[] Predict(RowScores scores)
    {
        int[] predicted = new int[scores.Count];
        for (int row = 0; row < predicted.Length; row++)
        {
            ReadOnlySpan<float> logits = Logits(scores, row);
            for (int each = 1; each < logits.Length; each++)
            {
                predicted[row] = logits[each] > logits[predicted[row]] ? each : predicted[row];
            }
        }

        return predicted;
    }
}
