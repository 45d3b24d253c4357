using System.Diagnostics;
using Tandem.Spec;
using Tandem.Workspace.Import;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    /// <summary>Reads the files of every source that has an <c>import</c> section into the raw log, then
    /// compacts.</summary>
    /// <param name="dataFolder">Folder of the files.</param>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="rows">Hears how many rows were read, and how fast, or null.</param>
    /// <param name="cancellationToken">Stops it; what was appended stays, and importing again adds nothing
    /// twice.</param>
    /// <exception cref="Faults.TandemException">WSP009: no source says how to read files; WSP101 to WSP105: a file
    /// cannot be read.</exception>
    public async Task<ImportSummary> ImportAsync(
        string dataFolder, IProgress<(string Step, double Share)> progress, IProgress<ImportProgress>? rows = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        KeyValuePair<string, SourceSpec>[] sources =
            [.. Spec.Sources.Where(static source => source.Value.Import is not null)];
        if (sources.Length == 0)
        {
            throw WorkspaceErrors.NoImport(_options.SpecPath);
        }

        var watch = Stopwatch.StartNew();
        FileImport import = new(Writer(), Quarantine, TimeProvider.System);
        long read = 0;
        long refused = 0;
        List<GuessedColumn> guesses = [];
        foreach ((string name, SourceSpec source) in sources)
        {
            ImportResult result = await import.RunAsync(
                name, source, dataFolder, _options.Tenant, new ImportSteps(name, progress, rows), cancellationToken)
                .ConfigureAwait(false);
            progress.Report(($"import {name}", 1));
            read += result.EventCount;
            refused += result.RejectedCount;
            guesses.AddRange(result.Guesses);
        }

        Interlocked.Add(ref _appended, read);
        await CompactAsync(new CompactionSteps(progress), cancellationToken).ConfigureAwait(false);
        progress.Report(("compact into the lake", 1));
        return new ImportSummary(
            read, refused, watch.Elapsed.TotalSeconds, _manifest?.RowCount ?? 0,
            _location.PlaceOf(_layout.Quarantine), guesses);
    }

    private sealed class ImportSteps(
        string name, IProgress<(string Step, double Share)> progress, IProgress<ImportProgress>? rows)
        : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            progress.Report(
                ($"import {name}", Math.Min(value.BytesRead / (double)Math.Max(1, value.BytesTotal), 0.999)));
            rows?.Report(value);
        }
    }

    private sealed class CompactionSteps(IProgress<(string Step, double Share)> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(("compact into the lake", Math.Min(value, 0.999)));
    }
}
