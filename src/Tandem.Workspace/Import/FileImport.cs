using CsvHelper;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Workspace.Import;

/// <summary>Turns the files of a source into events of the raw log: adjacency lists, CSV, TSV, JSON lines, libsvm,
/// plain or packed with gzip or zstd, and Parquet.</summary>
/// <remarks>Where a row stands decides its event's id, so importing a file again adds no event. Rows that are no events
/// go into the quarantine, with file, line and reason. The part that a file holds (<c>train</c>, <c>test</c>,
/// <c>all</c>) becomes the data column <see cref="ImportColumns.Part"/>.</remarks>
public sealed class FileImport
{
    private readonly IJournal _journal;
    private readonly Quarantine _quarantine;
    private readonly TimeProvider _clock;

    /// <summary>Imports into a log.</summary>
    /// <param name="journal">Receives events.</param>
    /// <param name="quarantine">Receives refused rows.</param>
    /// <param name="clock">Measures the rate.</param>
    public FileImport(IJournal journal, Quarantine quarantine, TimeProvider clock)
    {
        _journal = journal;
        _quarantine = quarantine;
        _clock = clock;
    }

    /// <summary>Imports all files of a source, in ordinal order of their parts.</summary>
    /// <param name="name">The source's name: the events' type.</param>
    /// <param name="source">The source.</param>
    /// <param name="folder">The data folder that file names are relative to; no name leads outside it.</param>
    /// <param name="tenant">The events' tenant.</param>
    /// <param name="progress">Hears of every few thousand events, or null.</param>
    /// <param name="cancellationToken">Stops between two runs of events; what was appended stays.</param>
    /// <exception cref="TandemException">WSP101: the source has no import section; WSP102, WSP103: a file name leads
    /// outside, or there is no such file; WSP104: a column is missing; WSP105: a file cannot be read; WSP107: it is
    /// packed with zstd, and nothing here unpacks that.</exception>
    public async Task<ImportResult> RunAsync(
        string name,
        SourceSpec source,
        string folder,
        string tenant = "default",
        IProgress<ImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Import is not { } import)
        {
            throw ImportErrors.NoImport(name);
        }

        DataFile[] files =
        [
            .. import.Files.OrderBy(file => file.Key, StringComparer.Ordinal)
                .Select(file => DataFile.Find(folder, file.Key, file.Value, import.Format)),
        ];
        Meter meter = new(name, files.Sum(file => file.Bytes), progress, _clock);
        ImportBatch batch = new(_journal, _quarantine);
        foreach (DataFile file in files)
        {
            try
            {
                Reading reading = new(name, source, tenant, file, batch, meter);
                await Task.Run(() => ReadAsync(reading, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or CsvFormatException)
            {
                await batch.SettleAsync().ConfigureAwait(false);
                throw ImportErrors.FileUnreadable(file.Path, e.Message, e);
            }

            meter.Close(file);
        }

        return meter.Result(batch);
    }

    private static async Task ReadAsync(Reading reading, CancellationToken cancellationToken)
    {
        Stream content = reading.File.Open(out Stream onDisk);
        await using (content.ConfigureAwait(false))
        {
            reading.Meter.Open(reading.File, onDisk);
            if (reading.Source.Import!.Format == "adjacency")
            {
                await ReadPairsAsync(reading, content, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await ReadRowsAsync(reading, content, cancellationToken).ConfigureAwait(false);
            }

            await reading.Batch.FinishAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task ReadRowsAsync(Reading reading, Stream content, CancellationToken cancellationToken)
    {
        ImportSpec import = reading.Source.Import!;
        RowFields fields = new(reading.Source);
        using RowEvents events = new(reading.Name, reading.Tenant, reading.File.Part, import.TimeFormat, fields);
        using IRowReader rows = OpenRows(import, reading.File, content, fields, cancellationToken);
        reading.Meter.Guess(fields.Guesses);
        while (rows.Read())
        {
            if (events.Make(rows, out Fault? fault) is { } record)
            {
                reading.Batch.Add(record);
            }
            else
            {
                reading.Refuse(fault!, rows.Line, rows.Text, rows.Fields);
            }

            if (reading.Batch.IsFull)
            {
                await reading.PassOnAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task ReadPairsAsync(Reading reading, Stream content, CancellationToken cancellationToken)
    {
        PairEvents events = new(reading.Name, reading.Tenant, reading.File.Part);
        using AdjacencyReader pairs = new(new WordReader(new StreamReader(content)), reading.Source.Entities);
        while (pairs.Read() is { } pair)
        {
            if (events.Make(pair, pairs.Line, pairs.Position, out Fault? fault) is { } record)
            {
                reading.Batch.Add(record);
            }
            else
            {
                string[] ids = [pair[0].Id, pair[1].Id];
                QuarantinedFields fields = new() { Format = "", Part = "", Position = pairs.Position, Values = ids };
                reading.Refuse(fault!, pairs.Line, string.Join(' ', ids), fields);
            }

            if (reading.Batch.IsFull)
            {
                await reading.PassOnAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Opens a file of rows.</summary>
    internal static IRowReader OpenRows(
        ImportSpec import, DataFile file, Stream content, RowFields fields, CancellationToken cancellationToken) =>
        import.Format switch
        {
            "csv" => new DelimitedRows(file, content, isTsv: false, import.HasHeader, fields),
            "tsv" => new DelimitedRows(file, content, isTsv: true, import.HasHeader, fields),
            "jsonl" => new JsonRows(content, fields),
            "libsvm" => new LibsvmRows(file, content, fields),
            "parquet" => new ParquetRows(file, fields, cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException(import.Format),
        };

    /// <summary>One file being imported.</summary>
    private sealed record Reading(
        string Name, SourceSpec Source, string Tenant, DataFile File, ImportBatch Batch, Meter Meter)
    {
        public void Refuse(Fault fault, long line, string text, QuarantinedFields? fields) =>
            Batch.Refuse(new QuarantinedRow
            {
                Code = fault.Code,
                Message = fault.What,
                Source = Name,
                File = File.Name,
                Line = line,
                Text = text,
                Fields = fields is null ? null : fields with { Format = Source.Import!.Format, Part = File.Part },
            });

        public async ValueTask PassOnAsync(CancellationToken cancellationToken)
        {
            await Batch.PassOnAsync(cancellationToken).ConfigureAwait(false);
            Meter.Report(Batch);
        }
    }
}
