namespace Tandem.Workspace.Import;

/// <summary>How far an import has come.</summary>
/// <param name="Source">Source that is imported.</param>
/// <param name="File">File being read, relative to the data folder.</param>
/// <param name="EventCount">Events appended so far, of all files.</param>
/// <param name="RejectedCount">Rows put into quarantine so far.</param>
/// <param name="BytesRead">Bytes of the files read so far, as they lie on disk.</param>
/// <param name="BytesTotal">Bytes of all files.</param>
/// <param name="EventsPerSecond">Mean rate since the beginning.</param>
/// <param name="Guesses">Columns of the files so far that were guessed.</param>
public sealed record ImportProgress(
    string Source,
    string File,
    long EventCount,
    long RejectedCount,
    long BytesRead,
    long BytesTotal,
    double EventsPerSecond,
    IReadOnlyList<GuessedColumn> Guesses);
