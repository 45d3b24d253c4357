using System.Runtime.CompilerServices;
using Tandem.Events;

namespace Tandem.Workspace;

/// <summary>Rows of the quarantine, in the order in which they are listed.</summary>
/// <param name="First">Id of the first, or null to begin with the oldest.</param>
/// <param name="Last">Id of the last, or null to go on to the newest.</param>
public sealed record QuarantineRange(string? First, string? Last)
{
    private const string Separator = "..";

    /// <summary>All of them.</summary>
    public static QuarantineRange All { get; } = new(null, null);

    /// <summary>Reads <c>ID</c> or <c>FIRST..LAST</c>.</summary>
    /// <param name="text">The text.</param>
    public static QuarantineRange Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.IndexOf(Separator, StringComparison.Ordinal);
        return at < 0 ? new(text, text) : new(text[..at], text[(at + Separator.Length)..]);
    }

    /// <summary>The fault of dropping rows without saying which: WSP027.</summary>
    public static Faults.TandemException NotSaid() => WorkspaceErrors.DropWhat();

    /// <summary>Picks the rows of the range.</summary>
    /// <param name="rows">All rows, in order.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">WSP026: the first or the last is not there.</exception>
    internal async IAsyncEnumerable<QuarantinedRow> PickAsync(
        IAsyncEnumerable<QuarantinedRow> rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool hasBegun = First is null;
        await foreach (QuarantinedRow row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            hasBegun |= row.Id == First;
            if (hasBegun)
            {
                yield return row;
            }

            if (hasBegun && row.Id == Last)
            {
                yield break;
            }
        }

        if (!hasBegun || Last is not null)
        {
            throw WorkspaceErrors.NoSuchRange(First == Last ? First! : $"{First}{Separator}{Last}");
        }
    }
}
