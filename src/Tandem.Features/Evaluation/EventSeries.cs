using System.Diagnostics;

namespace Tandem.Features.Evaluation;

/// <summary>The events of one entity under one plan, sorted by event time, known time, then order of the log: what
/// every feature is computed from, online and offline. Not thread safe.</summary>
/// <remarks>Each event carries the totals of everything up to and including it, those already dropped from the head
/// too, so that a window costs two binary searches. <see cref="ExactNumber"/> makes the difference of two totals
/// exact.</remarks>
internal sealed partial class EventSeries
{
    /// <summary>As the earliest moment that will be asked for: any may, so nothing is dropped.</summary>
    public const long Beginning = long.MinValue / 4;

    /// <summary>Small series double; larger ones grow by a quarter to three quarters, as chance has it: where events come
    /// to all entities evenly, not all of them should grow in the same moment.</summary>
    private const int DoublingCount = 16;

    /// <summary>Bytes of a total, or of a sum of squares.</summary>
    private const int TotalBytes = 32;

    /// <summary>Bytes of a series without events: the object and the heads of its arrays.</summary>
    private const int OwnBytes = 352;
    private readonly SeriesPlan _plan;
    private readonly EntityIndex _texts;
    private Event[] _events = [];
    private Total[] _totals = [];
    private ExactSquare[] _squares = [];
    private double[] _numbers = [];
    private int[] _codes = [];
    private int _count;

    // What was dropped from the head.
    private readonly Total[] _foldedTotals;
    private readonly ExactSquare[] _foldedSquares;
    private Remnant[]? _remnants;
    private int _folded;

    /// <summary>Longest time from happening to becoming known, over all events ever added; at least 0.</summary>
    private long _longestLag;

    /// <param name="plan">What is kept.</param>
    /// <param name="texts">Numbers the texts; shared by many series.</param>
    public EventSeries(SeriesPlan plan, EntityIndex texts)
    {
        _plan = plan;
        _texts = texts;
        _foldedTotals = plan.Sums.Count == 0 ? [] : new Total[plan.Sums.Count];
        _foldedSquares = plan.Squares.Count == 0 ? [] : new ExactSquare[plan.Squares.Count];
    }

    /// <summary>Events kept.</summary>
    public int Count => _count;

    /// <summary>Memory it takes, about: its arrays, and what is left of dropped events.</summary>
    public long MemoryBytes => OwnBytes + (_remnants?.Sum(remnant => remnant.MemoryBytes) ?? 0)
        + (_orders?.Sum(order => order?.MemoryBytes ?? 0) ?? 0)
        + (_kept.Length * sizeof(double))
        + (_events.Length * EventBytes) + ((SumCount + SquareCount) * TotalBytes);

    /// <summary>Memory that was counted for it.</summary>
    public long CountedBytes { get; set; }

    /// <summary>True where somebody read it or added to it lately.</summary>
    public bool IsTouched { get; set; }

    private long EventBytes => 24 + ((SumCount + SquareCount) * TotalBytes)
        + (_plan.Numbers.Count * sizeof(double)) + (_plan.Codes.Count * sizeof(int));

    private int SumCount => _plan.Sums.Count;

    private int SquareCount => _plan.Squares.Count;

    /// <summary>Forgets everything and keeps the memory.</summary>
    public void Clear()
    {
        _count = 0;
        _folded = 0;
        _orders = null;
        _keptPlan = null;
        _longestLag = 0;
        Array.Clear(_foldedTotals);
        Array.Clear(_foldedSquares);
        _remnants = null;
    }

    /// <summary>Puts an event in its place: behind those with the same times.</summary>
    /// <param name="row">The event.</param>
    /// <param name="oldestAsOf">Earliest moment that will still be asked for: what is only needed before may
    /// go.</param>
    /// <returns>False where the same id is already there at the same event time.</returns>
    public bool Add(SourceRow row, long oldestAsOf)
    {
        (long time, long known) = _plan.IsByLog ? (0, 0) : (row.EventTime, row.KnownTime);
        int index = UpperBound(time, known);
        if (_plan.Shape.HasTimes && !_plan.IsByLog && Holds(row, index))
        {
            return false;
        }

        if (_count == _events.Length)
        {
            index = Math.Max(0, index - Prune(oldestAsOf));
            // Pruning again at every event would cost more than it frees.
            if (_count >= _events.Length - (_events.Length / 4))
            {
                Resize(_count < DoublingCount
                    ? Math.Max(4, _count * 2)
                    : _count + (_count / 4) + (int)(row.IdHash % (uint)(_count / 2)));
            }
        }

        Insert(index, new Event(time, known, row.IdHash), row);
        _keptPlan = null;
        _longestLag = Math.Max(_longestLag, known - time);
        return true;
    }

    /// <summary>Drops from the head what no question at or after a moment needs, keeping its totals.</summary>
    /// <returns>How many were dropped.</returns>
    public int Prune(long oldestAsOf)
    {
        long from = _plan.LongestWindowMicros == 0
            ? oldestAsOf
            : Math.Min(oldestAsOf, SawtoothWindow.Start(oldestAsOf, _plan.LongestWindowMicros));
        int drop = LowerBound(from);
        for (int kept = 0; drop > 0 && kept < _plan.KeptCount; drop--)
        {
            kept += _events[drop - 1].KnownTime <= oldestAsOf ? 1 : 0;
        }

        // An event that a question could still find unknown must not disappear into the totals.
        for (int i = 0; i < drop; i++)
        {
            drop = _events[i].KnownTime <= oldestAsOf ? drop : i;
        }

        if (drop > 0)
        {
            Drop(drop);
        }

        return drop;
    }

    /// <summary>Gives back memory that is far from used.</summary>
    public void Trim()
    {
        if (_count < _events.Length / 2)
        {
            Resize(Math.Max(4, _count));
        }
    }

    private void Drop(int drop)
    {
        _folded += drop;
        _orders = null;
        for (int s = 0; s < SumCount; s++)
        {
            _foldedTotals[s] = _totals[((drop - 1) * SumCount) + s];
        }

        for (int s = 0; s < SquareCount; s++)
        {
            _foldedSquares[s] = _squares[((drop - 1) * SquareCount) + s];
        }

        FoldIntoRemnants(drop);

        Shift(_events, 1);
        Shift(_totals, SumCount);
        Shift(_squares, SquareCount);
        Shift(_numbers, _plan.Numbers.Count);
        Shift(_codes, _plan.Codes.Count);
        _count -= drop;

        void Shift<T>(T[] array, int width) => Array.Copy(array, drop * width, array, 0, (_count - drop) * width);
    }

    private bool Holds(SourceRow row, int index)
    {
        for (int i = index - 1; i >= 0 && _events[i].EventTime == row.EventTime; i--)
        {
            if (_events[i].IdHash == row.IdHash)
            {
                return true;
            }
        }

        for (int i = index; i < _count && _events[i].EventTime == row.EventTime; i++)
        {
            if (_events[i].IdHash == row.IdHash)
            {
                return true;
            }
        }

        return false;
    }

    private void Insert(int index, Event at, SourceRow row)
    {
        Debug.Assert(_count < _events.Length, "There is room.");
        if (index < _count)
        {
            Open(_events, 1);
            Open(_totals, SumCount);
            Open(_squares, SquareCount);
            Open(_numbers, _plan.Numbers.Count);
            Open(_codes, _plan.Codes.Count);
        }

        _count++;
        _events[index] = at;
        for (int s = 0; s < SumCount; s++)
        {
            bool hasValue = ExactNumber.TryFrom(row.Number(_plan.Sums[s]), out Int128 value);
            AddTotal(index, s, new Total(value, hasValue ? 1 : 0));
        }

        for (int s = 0; s < SquareCount; s++)
        {
            ExactNumber.TryFrom(row.Number(_plan.Squares[s]), out Int128 value);
            AddSquare(index, s, ExactSquare.Of(value));
        }

        for (int n = 0; n < _plan.Numbers.Count; n++)
        {
            _numbers[(index * _plan.Numbers.Count) + n] = row.Number(_plan.Numbers[n]);
        }

        for (int c = 0; c < _plan.Codes.Count; c++)
        {
            int column = _plan.Codes[c];
            _codes[(index * _plan.Codes.Count) + c] = row.IsNull(column) ? -1 : _texts.FindOrAdd(row.Utf8(column));
        }

        if (_orders is not null)
        {
            Reorder(index);
        }

        void Open<T>(T[] array, int width) =>
            Array.Copy(array, index * width, array, (index + 1) * width, (_count - index) * width);
    }

    private void AddTotal(int index, int sum, Total value)
    {
        _totals[(index * SumCount) + sum] = TotalBefore(index, sum);
        for (int i = index; i < _count; i++)
        {
            _totals[(i * SumCount) + sum] += value;
        }
    }

    private void AddSquare(int index, int square, ExactSquare value)
    {
        _squares[(index * SquareCount) + square] = SquaresBefore(index, square);
        for (int i = index; i < _count; i++)
        {
            _squares[(i * SquareCount) + square] += value;
        }
    }

    private Total TotalBefore(int index, int sum) =>
        index == 0 ? _foldedTotals[sum] : _totals[((index - 1) * SumCount) + sum];

    private ExactSquare SquaresBefore(int index, int square) =>
        index == 0 ? _foldedSquares[square] : _squares[((index - 1) * SquareCount) + square];

    private double NumberAt(int index, int slot) => _numbers[(index * _plan.Numbers.Count) + slot];

    private int CodeAt(int index, int slot) => _codes[(index * _plan.Codes.Count) + slot];

    private void FoldIntoRemnants(int drop)
    {
        if (_plan.Remnants.Count == 0)
        {
            return;
        }

        _remnants ??= [.. _plan.Remnants.Select(Remnant.Of)];
        for (int r = 0; r < _remnants.Length; r++)
        {
            RemnantPlan plan = _plan.Remnants[r];
            for (int i = 0; i < drop; i++)
            {
                double number = plan.ReadsTexts ? double.NaN : NumberAt(i, plan.Slot);
                int code = plan.ReadsTexts ? CodeAt(i, plan.Slot) : -1;
                _remnants[r].Add(_events[i].EventTime, _events[i].KnownTime, number, code, _texts);
            }
        }
    }

    private void Resize(int capacity)
    {
        Array.Resize(ref _events, capacity);
        Array.Resize(ref _totals, capacity * SumCount);
        Array.Resize(ref _squares, capacity * SquareCount);
        Array.Resize(ref _numbers, capacity * _plan.Numbers.Count);
        Array.Resize(ref _codes, capacity * _plan.Codes.Count);
    }

    /// <summary>First event at or after a moment.</summary>
    private int LowerBound(long eventTime)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = _events[middle].EventTime < eventTime ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>First event behind a pair of times.</summary>
    private int UpperBound(long eventTime, long knownTime)
    {
        int low = 0;
        int high = _count;
        if (high > 0 && IsAtOrBefore(high - 1))
        {
            return high;
        }

        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = IsAtOrBefore(middle) ? (middle + 1, high) : (low, middle);
        }

        return low;

        bool IsAtOrBefore(int i) =>
            _events[i].EventTime < eventTime
                || (_events[i].EventTime == eventTime && _events[i].KnownTime <= knownTime);
    }

    /// <summary>When it happened and became known, in microseconds since 1970, and the hash of its id.</summary>
    private readonly record struct Event(long EventTime, long KnownTime, uint IdHash);

    /// <summary>The exact sum of a column, and of how many values.</summary>
    private readonly record struct Total(Int128 Sum, int Count)
    {
        public static Total operator +(Total left, Total right) => new(left.Sum + right.Sum, left.Count + right.Count);

        public static Total operator -(Total left, Total right) => new(left.Sum - right.Sum, left.Count - right.Count);
    }
}
