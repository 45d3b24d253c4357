using Tandem.Events;
using Tandem.Lake;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Features.Tests;

/// <summary>A journal and a lake in a folder that goes away with the test.</summary>
internal sealed class TestLake : IAsyncDisposable
{
    private readonly TestFolder _folder;

    private TestLake(TestFolder folder, IObjectStore store, FileJournal journal, ParquetLake lake)
    {
        _folder = folder;
        Store = store;
        Journal = journal;
        Lake = lake;
    }

    public IObjectStore Store { get; }

    public FileJournal Journal { get; }

    public ParquetLake Lake { get; }

    /// <summary>Opens a lake with a table for each source of a system.</summary>
    public static async Task<TestLake> OpenAsync(SystemSpec spec)
    {
        var folder = new TestFolder();
        var store = new FolderStore(folder["store"]);
        var options = new FileJournalOptions { Folder = folder["log"], Durability = Durability.None };
        FileJournal journal = await FileJournal.OpenAsync(options, TimeProvider.System, default);
        LakeTable[] tables =
        [
            .. spec.Sources.Select(s => new LakeTable
            {
                Name = s.Key,
                Entities = s.Value.Entities,
                Columns = [.. s.Value.Columns.Select(c => new LakeColumn(c.Key, (LakeType)c.Value.Type))],
                HasTimes = s.Value.HasTimes,
            }),
        ];
        ParquetLake lake = await ParquetLake.OpenAsync(store.Under("default/lake"), tables);
        return new TestLake(folder, store.Under("default/features"), journal, lake);
    }

    /// <summary>Appends events and moves them into the lake.</summary>
    public async Task<LakeSnapshot> FillAsync(IReadOnlyList<EventRecord> events)
    {
        await Journal.AppendAsync(events);
        await Lake.CompactAsync(Journal);
        return await Lake.SnapshotAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Lake.Dispose();
        await Journal.DisposeAsync();
        _folder.Dispose();
    }
}
