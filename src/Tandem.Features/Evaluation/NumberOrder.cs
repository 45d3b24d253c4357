namespace Tandem.Features.Evaluation;

/// <summary>The events of a series in the order of one of their numbers, nulls left out: the quantile of any window is then
/// found by passing over them, without sorting.</summary>
internal sealed class NumberOrder
{
    /// <summary>A longer series has no order: keeping it would cost more than now and then sorting.</summary>
    public const int MostEvents = 4096;

    private ushort[] _indices;
    private int _count;

    /// <param name="numbers">A number of each event; NaN is null. At most <see cref="MostEvents"/>.</param>
    public NumberOrder(ReadOnlySpan<double> numbers)
    {
        _indices = new ushort[numbers.Length + 4];
        Span<double> sorted = Scratch.OfThread.Numbers(numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!double.IsNaN(numbers[i]))
            {
                sorted[_count] = numbers[i];
                _indices[_count++] = (ushort)i;
            }
        }

        sorted[.._count].Sort(_indices.AsSpan(0, _count));
    }

    /// <summary>Indices of the events, smallest number first.</summary>
    public ReadOnlySpan<ushort> Indices => _indices.AsSpan(0, _count);

    /// <summary>Memory it takes, about.</summary>
    public long MemoryBytes => 64 + (_indices.Length * sizeof(ushort));

    /// <summary>Takes the event behind all others.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="number">Its number, or NaN.</param>
    /// <param name="numbers">The numbers of all columns, by event.</param>
    /// <param name="width">Columns.</param>
    /// <param name="slot">Which column this is the order of.</param>
    public void Append(int index, double number, ReadOnlySpan<double> numbers, int width, int slot)
    {
        if (double.IsNaN(number))
        {
            return;
        }

        if (_count == _indices.Length)
        {
            Array.Resize(ref _indices, _count + (_count / 2) + 4);
        }

        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = numbers[(_indices[middle] * width) + slot] <= number ? (middle + 1, high) : (low, middle);
        }

        _indices.AsSpan(low, _count - low).CopyTo(_indices.AsSpan(low + 1));
        _indices[low] = (ushort)index;
        _count++;
    }
}
