using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Testing;

namespace Tandem.Events.Tests;

public sealed class SegmentErasureTests
{
    private const int Seed = 20260731;

    /// <summary>Ids that one spells in several ways, that hide in others, or that are short.</summary>
    public static TheoryData<string> Persons => ["u7", "7", "née \"Ü\"", "e12"];

    [Theory]
    [MemberData(nameof(Persons))]
    public async Task Run_OverAnyEvents_LeavesNoValueThatNamesThePersonAndMovesNothing(string id)
    {
        using TestFolder folder = new();
        FileJournalOptions options = new() { Folder = folder["log"], SegmentBytes = 2048 };
        Random random = new(Seed);
        List<EventRecord> before;
        long end;
        await using (FileJournal journal = await FileJournal.OpenAsync(options, TimeProvider.System))
        {
            for (int n = 0; n < 300; n++)
            {
                await journal.AppendAsync([Event(n, id, random)]);
            }

            await journal.SealAsync();
            before = await ReadAllAsync(journal);
            end = journal.End.Offset;
            IReadOnlyList<JournalSegment> segments = await journal.ClosedSegmentsAsync(journal.Begin);
            ErasedPerson person = new("user", id);

            long planned = (await SegmentErasure.RunAsync(folder["log"], segments, person, isDryRun: true)).Sum(s => s.Lines);
            long erased = (await SegmentErasure.RunAsync(folder["log"], segments, person, isDryRun: false)).Sum(s => s.Lines);

            Assert.True(planned > 0, $"Seed {Seed}");
            Assert.Equal(planned, erased);
            Assert.Empty(await SegmentErasure.RunAsync(folder["log"], segments, person, isDryRun: false));
        }

        await using FileJournal again = await FileJournal.OpenAsync(options, TimeProvider.System);
        List<EventRecord> after = await ReadAllAsync(again);

        Assert.Equal(end, again.End.Offset);
        Assert.Equal(
            before.Where(one => !Names(one, id)).Select(Text), after.Select(Text), StringComparer.Ordinal);
    }

    private static EventRecord Event(int n, string id, Random random) => new()
    {
        Id = random.Next(40) == 0 && n > 0 ? $"{id}" + (random.Next(2) == 0 ? "" : $"-{n}") : $"e{n}",
        Type = "play",
        Entities = random.Next(3) switch
        {
            0 => [new("user", random.Next(4) == 0 ? id : $"u{random.Next(9)}"), new("item", id)],
            1 => [new("item", $"{random.Next(9)}"), new("user", $"{id}{id}")],
            _ => [],
        },
        EventTime = random.Next(2) == 0 ? null : DateTimeOffset.UnixEpoch.AddMinutes(n),
        RequestId = random.Next(10) == 0 ? id : null,
        Data = random.Next(3) switch
        {
            0 => Encoding.UTF8.GetBytes(
                new JsonObject { ["with"] = new JsonArray(1, new JsonObject { ["deep"] = id }) }.ToJsonString()),
            1 => Encoding.UTF8.GetBytes(new JsonObject { [id] = 7, ["near"] = id + "x" }.ToJsonString()),
            _ => default,
        },
    };

    private static string Text(EventRecord record)
    {
        System.Buffers.ArrayBufferWriter<byte> bytes = new();
        EventJson.Write(record, bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The rule, said a second time: any string value but other entities', the type and the tenant.</summary>
    private static bool Names(EventRecord record, string id) =>
        record.Id == id || record.RequestId == id
        || record.Entities.Any(key => key.Entity == "user" && key.Id == id)
        || Holds(record.Data, id) || Holds(record.Features, id);

    private static bool Holds(ReadOnlyMemory<byte> json, string id)
    {
        if (json.IsEmpty)
        {
            return false;
        }

        using var document = JsonDocument.Parse(json);
        return Holds(document.RootElement, id);
    }

    private static bool Holds(JsonElement value, string id) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() == id,
        JsonValueKind.Array => value.EnumerateArray().Any(item => Holds(item, id)),
        JsonValueKind.Object => value.EnumerateObject().Any(member => Holds(member.Value, id)),
        _ => false,
    };

    private static async Task<List<EventRecord>> ReadAllAsync(FileJournal journal)
    {
        List<EventRecord> events = [];
        await foreach (JournalBatch batch in journal.ReadAsync(journal.Begin))
        {
            events.AddRange(batch.Events);
        }

        return events;
    }
}
