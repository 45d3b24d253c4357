using System.Text;
using Tandem.Events;

namespace Tandem.Lake.Tests.Support;

/// <summary>A journal of segment files, as small as its contract allows: what the lake reads, without what writing takes.
/// Segments are those of <c>docs/formats/journal.md</c>.</summary>
internal sealed class TestJournal(string folder) : IJournal
{
    private const string Header = """{"format":"tandem.journal","version":1}""" + "\n";
    private readonly StringBuilder _open = new();

    public JournalPosition Begin => default;

    public JournalPosition End => new(Segments().Select(static segment => segment.End.Offset).DefaultIfEmpty(0).Max());

    /// <summary>Adds one event to the open segment, as a JSON object without its checksum.</summary>
    public void Add(string json) => _open.Append(Seal(json)).Append('\n');

    /// <summary>Ends an object in its checksum.</summary>
    public static string Seal(string json)
    {
        string start = json[..^1];
        return $$"""{{start}},"~":"{{Crc32C(Encoding.UTF8.GetBytes(start)):x8}}"}""";
    }

    /// <summary>Closes the open segment.</summary>
    public void CloseSegment()
    {
        if (_open.Length > 0)
        {
            long start = End.Offset;
            File.WriteAllText(Path.Combine(folder, $"{start:D20}.jsonl"), Header + _open);
            _open.Clear();
        }
    }

    public ValueTask SealAsync(CancellationToken cancellationToken = default)
    {
        CloseSegment();
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<JournalSegment>> ClosedSegmentsAsync(
        JournalPosition from, CancellationToken cancellationToken = default) =>
        new([.. Segments().Where(segment => segment.End.Offset > from.Offset)]);

    public ValueTask<JournalPosition> AppendAsync(
        IReadOnlyList<EventRecord> events, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Tests add lines.");

    public IAsyncEnumerable<JournalBatch> ReadAsync(
        JournalPosition from, bool follow = false, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The lake reads segments.");

    public ValueTask<JournalTrim> TrimAsync(
        JournalRetention retention, JournalPosition behind, bool isDryRun = false,
        CancellationToken cancellationToken = default) => throw new NotSupportedException("The lake removes nothing.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Bit by bit, so that it shares nothing with the journal's own.
    private static uint Crc32C(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }

    private IEnumerable<JournalSegment> Segments()
    {
        foreach (string path in Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            long start = long.Parse(Path.GetFileNameWithoutExtension(path), System.Globalization.CultureInfo.InvariantCulture);
            yield return new JournalSegment(
                new JournalPosition(start + Header.Length), new JournalPosition(start + new FileInfo(path).Length), path);
        }
    }
}
