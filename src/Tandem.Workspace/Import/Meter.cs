namespace Tandem.Workspace.Import;

/// <summary>Measures an import and reports it.</summary>
internal sealed class Meter(string source, long bytesTotal, IProgress<ImportProgress>? progress, TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private long _bytesClosed;
    private string _file = "";
    private readonly List<GuessedColumn> _guesses = [];
    private Stream? _onDisk;

    /// <summary>A file is being read.</summary>
    public void Open(DataFile file, Stream onDisk)
    {
        _file = file.Name;
        _onDisk = onDisk;
    }

    /// <summary>Columns of the file were guessed.</summary>
    public void Guess(IEnumerable<(string Field, string Column)> guesses) =>
        _guesses.AddRange(guesses.Select(guess => new GuessedColumn(source, _file, guess.Field, guess.Column)));

    /// <summary>A file was read to its end.</summary>
    public void Close(DataFile file)
    {
        _bytesClosed += file.Bytes;
        _onDisk = null;
    }

    /// <summary>Tells how far the import has come.</summary>
    public void Report(ImportBatch batch)
    {
        double seconds = clock.GetElapsedTime(_began).TotalSeconds;
        progress?.Report(new ImportProgress(
            source,
            _file,
            batch.EventCount,
            batch.RejectedCount,
            _bytesClosed + (_onDisk?.Position ?? 0),
            bytesTotal,
            seconds > 0 ? batch.EventCount / seconds : 0,
            [.. _guesses]));
    }

    /// <summary>Reports the end, and sums up.</summary>
    public ImportResult Result(ImportBatch batch)
    {
        Report(batch);
        return new ImportResult(
            batch.EventCount, batch.RejectedCount, _bytesClosed, clock.GetElapsedTime(_began), _guesses);
    }
}
