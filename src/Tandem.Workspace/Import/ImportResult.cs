namespace Tandem.Workspace.Import;

/// <summary>What an import did.</summary>
/// <param name="EventCount">Events appended.</param>
/// <param name="RejectedCount">Rows put into quarantine.</param>
/// <param name="BytesRead">Bytes of the files, as they lie on disk.</param>
/// <param name="Elapsed">Time it took.</param>
/// <param name="Guesses">Columns that were guessed.</param>
public sealed record ImportResult(long EventCount, long RejectedCount, long BytesRead, TimeSpan Elapsed,
    IReadOnlyList<GuessedColumn> Guesses);
