using Tandem.Faults;

namespace Tandem.Events;

public sealed partial class Quarantine
{
    /// <summary>Gives rows that were refused again the reason of today.</summary>
    /// <param name="reasons">The reason for each row's id; ids that are not there are passed over.</param>
    /// <param name="cancellationToken">Stops between two objects.</param>
    /// <exception cref="TandemException">EVT010: an object is not readable; STO003: the store failed.</exception>
    public async ValueTask RenewAsync(
        IReadOnlyDictionary<string, Fault> reasons, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reasons);
        HashSet<string> names = [.. reasons.Keys.Select(AppendOf)];
        foreach ((string name, string key, long _) in
            await ObjectsAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!names.Contains(name))
            {
                continue;
            }

            List<QuarantinedRow> rows = await ReadAsync(name, key, cancellationToken).ConfigureAwait(false);
            List<QuarantinedRow> renewed = rows.ConvertAll(row =>
                reasons.TryGetValue(row.Id, out Fault? fault) ? row with { Code = fault.Code, Message = fault.What } : row);
            if (!renewed.SequenceEqual(rows))
            {
                await _store.PutAsync(key, QuarantineJson.Write(renewed), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static string AppendOf(string id) => id[..Math.Max(0, id.LastIndexOf(':'))];
}
