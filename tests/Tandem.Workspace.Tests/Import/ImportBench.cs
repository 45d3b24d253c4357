using System.IO.Compression;
using System.Text;
using Tandem.Events;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Testing;
using Tandem.Workspace.Import;

namespace Tandem.Workspace.Tests.Import;

/// <summary>A data folder, and a log and a quarantine to import it into.</summary>
internal sealed class ImportBench : IDisposable
{
    private readonly TestFolder _folder = new();
    private FileJournal? _journal;

    public ImportBench()
    {
        Directory.CreateDirectory(_folder["data"]);
        Quarantine = new Quarantine(new FolderStore(_folder["quarantine"]));
    }

    public Quarantine Quarantine { get; }

    public async Task OpenAsync()
    {
        FileJournalOptions options = new() { Folder = _folder["log"], Durability = Durability.None };
        _journal = await FileJournal.OpenAsync(options, TimeProvider.System);
    }

    /// <summary>Writes a file of the data folder, packed where its name ends in <c>.gz</c>.</summary>
    public void Write(string name, string content)
    {
        using Stream file = File.Create(Path.Combine(_folder["data"], name));
        using Stream stream =
            name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(Encoding.UTF8.GetBytes(content));
    }

    /// <summary>Writes a file of the data folder, byte for byte.</summary>
    public void WriteBytes(string name, byte[] content) =>
        File.WriteAllBytes(Path.Combine(_folder["data"], name), content);

    public Task<ImportResult> ImportAsync(SourceSpec source, IProgress<ImportProgress>? progress = null) =>
        new FileImport(_journal!, Quarantine, TimeProvider.System)
            .RunAsync("rating", source, _folder["data"], progress: progress);

    public async Task<List<EventRecord>> EventsAsync() =>
        await _journal!.ReadAsync(_journal.Begin).SelectMany(batch => batch.Events).ToListAsync();

    public async Task CloseAsync() => await _journal!.DisposeAsync();

    public void Dispose() => _folder.Dispose();
}
