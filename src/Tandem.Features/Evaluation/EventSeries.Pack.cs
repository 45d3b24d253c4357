using Tandem.Faults;

namespace Tandem.Features.Evaluation;

internal sealed partial class EventSeries
{
    private const byte PackVersion = 1;

    /// <summary>Writes the series as <c>docs/formats/feature-series.md</c> says: texts by content, so that any process
    /// reads it, and a checksum at the end.</summary>
    public void Pack(PackWriter writer)
    {
        int start = writer.Count;
        writer.Byte(PackVersion);
        Dictionary<int, int> texts = PackTexts(writer);
        writer.Whole((ulong)_folded);
        if (_folded > 0)
        {
            PackFolded(writer, texts);
        }

        writer.Whole((ulong)_longestLag);
        writer.Whole((ulong)_count);
        for (int i = 0; i < _count; i++)
        {
            PackEvent(writer, i, texts);
        }

        writer.Fixed((uint)TextHash.Of(writer.Written[start..]));
    }

    /// <summary>Reads a series that <see cref="Pack"/> wrote under the same plan. It answers every question as the
    /// written one did, bit for bit.</summary>
    /// <param name="plan">What is kept.</param>
    /// <param name="texts">Numbers the texts; shared by many series.</param>
    /// <param name="bytes">All its bytes.</param>
    /// <exception cref="TandemException">FEA014: the bytes are not a whole series of a known version.</exception>
    public static EventSeries Unpack(SeriesPlan plan, EntityIndex texts, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= sizeof(uint) || bytes[0] != PackVersion)
        {
            throw FeaturesErrors.DamagedSeries($"it does not begin with version {PackVersion}");
        }

        var tail = new PackReader(bytes[^sizeof(uint)..]);
        ReadOnlySpan<byte> content = bytes[..^sizeof(uint)];
        if ((uint)TextHash.Of(content) != tail.Fixed32())
        {
            throw FeaturesErrors.DamagedSeries("its checksum is wrong");
        }

        var reader = new PackReader(content[1..]);
        var series = new EventSeries(plan, texts);
        series.Unpack(ref reader);
        return reader.Rest.IsEmpty
            ? series
            : throw FeaturesErrors.DamagedSeries($"{reader.Rest.Length} bytes follow its end");
    }

    private void Unpack(ref PackReader reader)
    {
        int[] codes = new int[reader.Count()];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = _texts.FindOrAdd(reader.Text());
        }

        _folded = reader.Count();
        if (_folded > 0)
        {
            UnpackFolded(ref reader, codes);
        }

        _longestLag = (long)reader.Whole();
        int count = reader.Count();
        Resize(count);
        for (; _count < count; _count++)
        {
            UnpackEvent(ref reader, codes);
        }
    }

    /// <summary>Writes the texts, each once.</summary>
    /// <returns>The place of each code among them, counted from 1; until the thread packs or counts
    /// again.</returns>
    private Dictionary<int, int> PackTexts(PackWriter writer)
    {
        Dictionary<int, int> places = Scratch.OfThread.Counts();
        List<int> found = [];
        foreach (int code in _codes.AsSpan(0, _count * _plan.Codes.Count))
        {
            Find(code);
        }

        foreach (Remnant remnant in _remnants ?? [])
        {
            foreach (int code in remnant.Codes)
            {
                Find(code);
            }
        }

        writer.Whole((ulong)found.Count);
        foreach (int code in found)
        {
            writer.Text(_texts.Utf8(code));
        }

        return places;

        void Find(int code)
        {
            if (code >= 0 && places.TryAdd(code, found.Count + 1))
            {
                found.Add(code);
            }
        }
    }

    private void PackFolded(PackWriter writer, Dictionary<int, int> texts)
    {
        foreach (Total total in _foldedTotals)
        {
            writer.Fixed((UInt128)total.Sum);
            writer.Whole((ulong)total.Count);
        }

        foreach (ExactSquare square in _foldedSquares)
        {
            writer.Fixed(square.High);
            writer.Fixed(square.Low);
        }

        foreach (Remnant remnant in _remnants ?? [])
        {
            remnant.Pack(writer, texts);
        }
    }

    private void UnpackFolded(ref PackReader reader, int[] codes)
    {
        for (int s = 0; s < SumCount; s++)
        {
            _foldedTotals[s] = new Total((Int128)reader.Fixed128(), reader.Count());
        }

        for (int s = 0; s < SquareCount; s++)
        {
            UInt128 high = reader.Fixed128();
            _foldedSquares[s] = new ExactSquare(high, reader.Fixed128());
        }

        _remnants = _plan.Remnants.Count == 0 ? null : [.. _plan.Remnants.Select(Remnant.Of)];
        foreach (Remnant remnant in _remnants ?? [])
        {
            remnant.Unpack(ref reader, codes);
        }
    }

    private void PackEvent(PackWriter writer, int index, Dictionary<int, int> texts)
    {
        Event at = _events[index];
        writer.Signed(at.EventTime - (index == 0 ? 0 : _events[index - 1].EventTime));
        writer.Signed(at.KnownTime - at.EventTime);
        writer.Fixed(at.IdHash);
        for (int n = 0; n < _plan.Numbers.Count; n++)
        {
            writer.Number(NumberAt(index, n));
        }

        for (int s = 0; s < SumCount; s++)
        {
            if (_plan.NumberOfSum(s) < 0)
            {
                // What one number adds to a total is a double again: scaling and rounding left it its 53 bits.
                Total added = TotalBefore(index + 1, s) - TotalBefore(index, s);
                writer.Number(added.Count == 0 ? double.NaN : ExactNumber.ToDouble(added.Sum));
            }
        }

        for (int c = 0; c < _plan.Codes.Count; c++)
        {
            writer.Whole((ulong)texts.GetValueOrDefault(CodeAt(index, c)));
        }
    }

    private void UnpackEvent(ref PackReader reader, int[] codes)
    {
        int index = _count;
        long eventTime = reader.Signed() + (index == 0 ? 0 : _events[index - 1].EventTime);
        long knownTime = eventTime + reader.Signed();
        _events[index] = new Event(eventTime, knownTime, reader.Fixed32());
        for (int n = 0; n < _plan.Numbers.Count; n++)
        {
            _numbers[(index * _plan.Numbers.Count) + n] = reader.Number();
        }

        for (int s = 0; s < SumCount; s++)
        {
            double number = _plan.NumberOfSum(s) is >= 0 and int n ? NumberAt(index, n) : reader.Number();
            bool hasValue = ExactNumber.TryFrom(number, out Int128 value);
            _totals[(index * SumCount) + s] = TotalBefore(index, s) + new Total(value, hasValue ? 1 : 0);
        }

        for (int s = 0; s < SquareCount; s++)
        {
            int sum = _plan.SumOfSquare(s);
            Int128 value = TotalBefore(index + 1, sum).Sum - TotalBefore(index, sum).Sum;
            _squares[(index * SquareCount) + s] = SquaresBefore(index, s) + ExactSquare.Of(value);
        }

        for (int c = 0; c < _plan.Codes.Count; c++)
        {
            int place = reader.Count();
            _codes[(index * _plan.Codes.Count) + c] = place == 0 ? -1 : codes[place - 1];
        }
    }
}
