namespace Tandem.Features.Evaluation;

/// <summary>Memory of a thread for what one value is computed from, used again from value to value.</summary>
internal sealed class Scratch
{
    [ThreadStatic]
    private static Scratch? _ofThread;

    private readonly Dictionary<int, int> _counts = [];
    private double[] _numbers = [];

    /// <summary>The calling thread's.</summary>
    public static Scratch OfThread => _ofThread ??= new Scratch();

    /// <summary>What is folded over the events of a series.</summary>
    public Fold Fold { get; } = new();

    /// <summary>Writes ids of pairs.</summary>
    public PairText Pair { get; } = new();

    /// <summary>Room for numbers; what lies in it is not cleared.</summary>
    public Span<double> Numbers(int count)
    {
        if (_numbers.Length < count)
        {
            _numbers = new double[Math.Max(count, _numbers.Length * 2)];
        }

        return _numbers.AsSpan(0, count);
    }

    /// <summary>An empty dictionary.</summary>
    public Dictionary<int, int> Counts()
    {
        _counts.Clear();
        return _counts;
    }
}
