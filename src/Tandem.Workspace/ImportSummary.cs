using Tandem.Workspace.Import;

namespace Tandem.Workspace;

/// <summary>What an import did.</summary>
/// <param name="Rows">Rows that became events, those that were there before included.</param>
/// <param name="Rejected">Rows put into quarantine.</param>
/// <param name="Seconds">Seconds, compaction included.</param>
/// <param name="LakeRows">Rows in the lake afterwards.</param>
/// <param name="QuarantineFolder">Where refused rows are.</param>
/// <param name="Guesses">Columns that were guessed, because tandem.yaml names none.</param>
public sealed record ImportSummary(
    long Rows, long Rejected, double Seconds, long LakeRows, string QuarantineFolder,
    IReadOnlyList<GuessedColumn> Guesses);
