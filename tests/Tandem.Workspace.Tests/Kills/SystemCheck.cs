using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tandem.Events;
using Tandem.Lake;

namespace Tandem.Workspace.Tests.Kills;

/// <summary>Judges what a system holds against what its probe said.</summary>
internal static partial class SystemCheck
{
    /// <summary>What holds behind every kill.</summary>
    public static async Task RunAsync(
        TandemWorkspace workspace, SmallWorkspace small, SystemRecord record, string because)
    {
        // What is in the log, in order: the first of several that share an id is the one that counts.
        List<(string Id, string Person, JournalPosition End)> log = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        await foreach (JournalBatch batch in workspace.Journal.ReadAsync(workspace.Journal.Begin))
        {
            foreach (EventRecord play in batch.Events)
            {
                string person = SystemRecord.PersonOf(play)!;
                Assert.True(record.WasSent(play.Id), $"{because} {play.Id} was never sent.");
                Assert.False(record.Forgotten.Contains(person), $"{because} {person} is in the log.");
                if (seen.Add(play.Id))
                {
                    log.Add((play.Id, person, batch.End));
                }
            }
        }

        // What was trimmed is in the lake.
        List<long> manifests = Manifests(small);
        using (LakeSnapshot latest = await workspace.Lake.SnapshotAsync())
        {
            seen.UnionWith(Rows(latest).Where(row => IsTrimmed(row.Position)).Select(static row => row.Id));
        }

        bool IsTrimmed(long position) => position < workspace.Journal.Begin.Offset;

        Assert.True(record.MustBeThere.All(seen.Contains), $"{because} Lost.");
        foreach (long number in manifests)
        {
            using LakeSnapshot snapshot = await workspace.Lake.SnapshotAsync(number);
            JournalPosition to = snapshot.Manifest.To;
            Check(
                snapshot, record, log.Where(play => play.End.CompareTo(to) <= 0).Select(static play => play.Id), IsTrimmed,
                $"{because} Manifest {number} of {manifests[^1]}.");
        }

        List<QuarantinedRow> quarantined = await workspace.Quarantine.ListAsync().ToListAsync();
        Assert.True(
            record.MustBeQuarantined.All(
                id => quarantined.Exists(row => row.Text.Contains($"\"{id}\"", StringComparison.Ordinal))),
            $"{because} Lost in quarantine.");
        Assert.DoesNotContain(quarantined, row => Names(row.Text).Any(record.Forgotten.Contains));
    }

    /// <summary>What holds besides once nothing is open: everything is in the lake, and the store has no file too
    /// many.</summary>
    public static async Task FinishedAsync(
        TandemWorkspace workspace, SmallWorkspace small, SystemRecord record, string because)
    {
        using LakeSnapshot snapshot = await workspace.Lake.SnapshotAsync();
        HashSet<string> rows = new(Rows(snapshot).Select(static row => row.Id), StringComparer.Ordinal);
        Assert.True(record.MustBeThere.All(rows.Contains), $"{because} Lost in the lake.");

        List<string> named = [];
        foreach (long number in Manifests(small))
        {
            using LakeSnapshot kept = await workspace.Lake.SnapshotAsync(number);
            named.AddRange(kept.Manifest.Tables.SelectMany(static table => table.Parts).Select(static part => part.Key));
        }

        string lake = Path.Combine(small.StoreFolder, "default", "lake");
        Assert.Equal(
            named.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            Directory.GetFiles(lake, "*.parquet", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(lake, path)).Order(StringComparer.Ordinal));
    }

    /// <summary>No file of a closed system spells a person who was forgotten, but models do: a published version never
    /// changes.</summary>
    public static async Task BytesAsync(SmallWorkspace small, SystemRecord record, string because)
    {
        string models = Path.Combine(small.StoreFolder, "default", "registry");
        foreach (string path in Directory.GetFiles(small.StoreFolder, "*", SearchOption.AllDirectories))
        {
            string text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path));
            Assert.False(
                !path.StartsWith(models, StringComparison.Ordinal)
                    && QuotedName().Matches(text).Any(match => record.Forgotten.Contains(match.Value.Trim('"'))),
                $"{because} A name is in {path}.");
        }
    }

    private static void Check(
        LakeSnapshot snapshot, SystemRecord record, IEnumerable<string> expected, Func<long, bool> isTrimmed,
        string because)
    {
        List<(string Id, string Person, long Position)> rows = Rows(snapshot);
        Assert.True(rows.TrueForAll(row => !record.Forgotten.Contains(row.Person)), $"{because} Not forgotten.");
        Assert.True(rows.DistinctBy(static row => row.Id, StringComparer.Ordinal).Count() == rows.Count, $"{because} Doubled.");
        HashSet<string> settled = new(
            rows.Where(row => !record.IsOpen(row.Person) && !isTrimmed(row.Position)).Select(static row => row.Id),
            StringComparer.Ordinal);

        // Of an event that was sent twice the first may be trimmed and the second not: the lake has the first.
        HashSet<string> trimmed = new(
            rows.Where(row => isTrimmed(row.Position)).Select(static row => row.Id), StringComparer.Ordinal);
        Assert.True(
            settled.SetEquals(expected.Where(id => !record.IsOpen(record.PersonOf(id)) && !trimmed.Contains(id))),
            $"{because} Not the log's rows.");
    }

    private static List<(string Id, string Person, long Position)> Rows(LakeSnapshot snapshot)
    {
        List<(string, string, long)> rows = [];
        using LakeReader reader = snapshot.Scan(new LakeQuery { Table = "play", Columns = ["event_id", "user", "log_position"] });
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                rows.Add((reader.Text(0, row)!, reader.Text(1, row)!, reader.Wholes(2)[row]));
            }
        }

        return rows;
    }

    private static List<long> Manifests(SmallWorkspace small) =>
    [
        .. Directory.GetFiles(Path.Combine(small.StoreFolder, "default", "lake", "manifests"))
            .Select(static path => long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture))
            .Order(),
    ];

    private static IEnumerable<string> Names(string text) => Name().Matches(text).Select(static match => match.Value);

    [GeneratedRegex(@"\b[uw]\d+\b", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex("\"[uw]\\d+\"", RegexOptions.NonBacktracking)]
    private static partial Regex QuotedName();
}
