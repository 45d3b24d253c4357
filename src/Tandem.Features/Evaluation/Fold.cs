namespace Tandem.Features.Evaluation;

/// <summary>What was folded over the newest events of a series so far, so that a longer window goes on where a shorter
/// one ended. Always from the newest to the oldest: the order fixes every bit, whether a window goes on or begins
/// anew.</summary>
internal sealed class Fold
{
    private const int LongestInsertion = 256;

    private readonly byte[] _registers = new byte[DistinctSketch.Size];
    private FeaturePlan? _plan;
    private int _low;
    private double[] _sorted = [];
    private double[] _weights = [];
    private double _halfLife;
    private int _weightsLow;

    /// <summary>The extreme, or the sum.</summary>
    public double Value { get; set; }

    /// <summary>How many values it comes from.</summary>
    public int Count { get; set; }

    /// <summary>The different codes.</summary>
    public HashSet<int> Codes { get; } = [];

    /// <summary>Registers of a <see cref="DistinctSketch"/>.</summary>
    public Span<byte> Registers => _registers;

    /// <summary>The values that were inserted, sorted.</summary>
    public ReadOnlySpan<double> Sorted => _sorted.AsSpan(0, Count);

    /// <summary>Forgets everything, for another series or moment.</summary>
    public void Clear()
    {
        _plan = null;
        _halfLife = 0;
    }

    /// <summary>Goes on with a feature down to an event, or begins with it.</summary>
    /// <param name="plan">The feature.</param>
    /// <param name="newest">Index of the newest event it sees.</param>
    /// <param name="low">Index of the oldest.</param>
    /// <returns>Index of the oldest event that was folded already, or one more than the newest.</returns>
    public int Continue(FeaturePlan plan, int newest, int low)
    {
        if (_plan is null || !_plan.FoldsAs(plan) || _low < low)
        {
            _plan = plan;
            _low = newest + 1;
            Value = 0;
            Count = 0;
            Codes.Clear();
            if (plan.Operation == FeatureOperation.ApproximateUnique)
            {
                _registers.AsSpan().Clear();
            }
        }

        int above = _low;
        _low = low;
        return above;
    }

    /// <summary>Inserts values, none of them NaN.</summary>
    public void Insert(ReadOnlySpan<double> values)
    {
        if (_sorted.Length < Count + values.Length)
        {
            Array.Resize(ref _sorted, Math.Max(_sorted.Length * 2, Count + values.Length));
        }

        if (Count + values.Length > LongestInsertion)
        {
            values.CopyTo(_sorted.AsSpan(Count));
            Count += values.Length;
            _sorted.AsSpan(0, Count).Sort();
            return;
        }

        foreach (double value in values)
        {
            int place = _sorted.AsSpan(0, Count).BinarySearch(value);
            place = place < 0 ? ~place : place;
            _sorted.AsSpan(place, Count - place).CopyTo(_sorted.AsSpan(place + 1));
            _sorted[place] = value;
            Count++;
        }
    }

    /// <summary>Gives room for the weights of events by age, by index, and says from which on they are there; features
    /// of one half-life share them.</summary>
    /// <param name="halfLife">The half-life.</param>
    /// <param name="newest">Index of the newest event.</param>
    /// <param name="low">Index of the oldest event whose weight will be there.</param>
    public (double[] Weights, int From) Weights(double halfLife, int newest, int low)
    {
        if (_halfLife != halfLife)
        {
            _halfLife = halfLife;
            _weightsLow = newest + 1;
        }

        if (_weights.Length <= newest)
        {
            _weights = new double[Math.Max(newest + 1, _weights.Length * 2)];
            _weightsLow = newest + 1;
        }

        int from = _weightsLow;
        _weightsLow = Math.Min(_weightsLow, low);
        return (_weights, from);
    }
}
