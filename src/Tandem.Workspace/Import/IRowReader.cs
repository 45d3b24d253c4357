using Tandem.Events;

namespace Tandem.Workspace.Import;

/// <summary>Reads a file's rows; one implementation a format.</summary>
internal interface IRowReader : IDisposable
{
    /// <summary>The file's columns; those of a file without a first line of names are counted from 1.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The row's values, one for each field asked for, in that order; null where the row has none. Valid until
    /// the next <see cref="Read"/>.</summary>
    ReadOnlySpan<string?> Values { get; }

    /// <summary>Line of the row in the file, from 1; the row's number where the format has no lines.</summary>
    long Line { get; }

    /// <summary>The row as it stands in the file, for the quarantine.</summary>
    string Text { get; }

    /// <summary>What the quarantine keeps of the row, so that it can be judged again; null where it could not be cut.
    /// Format and part are the caller's to fill in.</summary>
    QuarantinedFields? Fields { get; }

    /// <summary>Why the row could not be cut into values, or null where it could.</summary>
    string? Refusal { get; }

    /// <summary>Moves to the next row.</summary>
    /// <returns>False at the end.</returns>
    bool Read();
}
