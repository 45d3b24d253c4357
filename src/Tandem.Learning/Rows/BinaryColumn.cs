namespace Tandem.Learning.Rows;

/// <summary>Log-odds of one head with what happened, and the figures of it.</summary>
internal sealed class BinaryColumn
{
    private readonly float[] _logOdds;
    private readonly bool[] _isPositive;
    private readonly double[] _probabilities;
    private int[]? _order;

    public BinaryColumn(RowScores scores, int head)
    {
        int width = scores.Target.LabelCount;
        _logOdds = new float[scores.Count];
        _isPositive = new bool[scores.Count];
        _probabilities = new double[scores.Count];
        for (int row = 0; row < scores.Count; row++)
        {
            _logOdds[row] = scores.Values[(row * width) + head];
            _isPositive[row] = scores.Labels[(row * width) + head] > 0;
            _probabilities[row] = LogOdds.ToProbability(_logOdds[row]);
        }
    }

    /// <summary>Rows by falling score.</summary>
    private int[] Order
    {
        get
        {
            if (_order is null)
            {
                float[] keys = Array.ConvertAll(_logOdds, static score => -score);
                int[] rows = [.. Enumerable.Range(0, keys.Length)];
                Array.Sort(keys, rows);
                _order = rows;
            }

            return _order;
        }
    }

    /// <summary>Probability that a positive scores above a negative, ties counting half.</summary>
    public RowStatistic AreaUnderCurve()
    {
        int[] order = Order;
        return weights =>
        {
            double wins = 0;
            double above = 0;
            double negativeSum = 0;
            for (int at = 0; TryStep(order, ref at, weights, out double positives, out double negatives);)
            {
                wins += negatives * (above + (positives / 2));
                above += positives;
                negativeSum += negatives;
            }

            return above > 0 && negativeSum > 0 ? wins / (above * negativeSum) : double.NaN;
        };
    }

    /// <summary>Average precision: Σ (Rₙ − Rₙ₋₁)·Pₙ over the distinct scores, from the highest.</summary>
    public RowStatistic AveragePrecision()
    {
        int[] order = Order;
        return weights =>
        {
            double sum = 0;
            double right = 0;
            double taken = 0;
            for (int at = 0; TryStep(order, ref at, weights, out double positives, out double negatives);)
            {
                right += positives;
                taken += positives + negatives;
                sum += positives > 0 ? positives * (right / taken) : 0;
            }

            return right > 0 ? sum / right : double.NaN;
        };
    }

    /// <summary>The highest recall of any threshold whose precision reaches a share; 0 where none does.</summary>
    public RowStatistic RecallAtPrecision(double precision)
    {
        int[] order = Order;
        return weights =>
        {
            double best = 0;
            double right = 0;
            double taken = 0;
            for (int at = 0; TryStep(order, ref at, weights, out double positives, out double negatives);)
            {
                right += positives;
                taken += positives + negatives;
                best = taken > 0 && right >= precision * taken ? right : best;
            }

            return right > 0 ? best / right : double.NaN;
        };
    }

    /// <summary>Share of positives among the k rows of the highest scores; where the k-th ties with later ones, that of the
    /// mean over all orders of the tied.</summary>
    public RowStatistic PrecisionAt(int k)
    {
        int[] order = Order;
        return weights =>
        {
            double right = 0;
            double taken = 0;
            for (int at = 0; taken < k && TryStep(order, ref at, weights, out double positives, out double negatives);)
            {
                double tied = positives + negatives;
                double share = tied > k - taken ? (k - taken) / tied : 1;
                right += share * positives;
                taken += share * tied;
            }

            return taken > 0 ? right / taken : double.NaN;
        };
    }

    /// <summary>Mean −ln of the probability given to what happened.</summary>
    public RowStatistic LogLoss() => RowMean.Of(Losses());

    /// <summary>Log-loss relative to that of always saying the share of positives.</summary>
    public RowStatistic NormalisedEntropy()
    {
        RowStatistic loss = LogLoss();
        RowStatistic share = RowMean.Of(Array.ConvertAll(_isPositive, static positive => positive ? 1d : 0));
        return weights =>
        {
            double p = share(weights);
            double entropy = -(p * Math.Log(p)) - ((1 - p) * Math.Log(1 - p));
            return p is > 0 and < 1 ? loss(weights) / entropy : double.NaN;
        };
    }

    /// <summary>Mean squared error of the probabilities.</summary>
    public RowStatistic Brier()
    {
        double[] squares = new double[_probabilities.Length];
        for (int row = 0; row < squares.Length; row++)
        {
            double error = _probabilities[row] - (_isPositive[row] ? 1 : 0);
            squares[row] = error * error;
        }

        return RowMean.Of(squares);
    }

    /// <summary>Σ over equal bins of probability of their share of rows × |observed − predicted|.</summary>
    public RowStatistic CalibrationError(int binCount) => CalibrationBins.Error(_probabilities, _isPositive, binCount);

    /// <summary>A figure of how often each class was predicted as which.</summary>
    public RowStatistic AtThreshold(double threshold, Func<Confusion, double> figure)
    {
        bool[] isPredicted = Array.ConvertAll(_probabilities, probability => probability >= threshold);
        return weights =>
        {
            Confusion found = default;
            for (int row = 0; row < weights.Length; row++)
            {
                found.Add(isPredicted[row], _isPositive[row], weights[row]);
            }

            return figure(found);
        };
    }

    private double[] Losses()
    {
        double[] losses = new double[_logOdds.Length];
        for (int row = 0; row < losses.Length; row++)
        {
            losses[row] = LogOdds.LossOf(_logOdds[row], _isPositive[row]);
        }

        return losses;
    }

    /// <summary>Weights of the next rows of one score; false where there are no more.</summary>
    private bool TryStep(
        int[] order, ref int at, ReadOnlySpan<double> weights, out double positives, out double negatives)
    {
        positives = 0;
        negatives = 0;
        int start = at;
        for (; at < order.Length && _logOdds[order[at]] == _logOdds[order[start]]; at++)
        {
            int row = order[at];
            if (_isPositive[row])
            {
                positives += weights[row];
            }
            else
            {
                negatives += weights[row];
            }
        }

        return at > start;
    }
}
