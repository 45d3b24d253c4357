using System.Text;
using Tandem.Events;
using Tandem.Faults;

namespace Tandem.Workspace.Import;

/// <summary>Makes events of the pairs of an adjacency list.</summary>
internal sealed class PairEvents(string source, string tenant, string part)
{
    private const char Undecodable = '\uFFFD';

    private readonly EventIds _ids = new(source, part);
    private readonly byte[] _data = Encoding.UTF8.GetBytes($$"""{"{{ImportColumns.Part}}":"{{part}}"}""");

    /// <summary>Makes the event of a pair.</summary>
    /// <param name="pair">Its entities.</param>
    /// <param name="line">Its line, from 1.</param>
    /// <param name="position">Place of the second in the line, from 1.</param>
    /// <param name="fault">Why there is none, or null.</param>
    public EventRecord? Make(EntityKey[] pair, long line, int position, out Fault? fault)
    {
        bool isBroken = Array.Exists(pair, static key => key.Id.Contains(Undecodable, StringComparison.Ordinal));
        EventRecord record = new()
        {
            Id = _ids.At(line, position),
            Type = source,
            Tenant = tenant,
            Entities = pair,
            Data = _data,
        };
        fault = isBroken ? ImportErrors.NoEvent("an id is not valid UTF-8") : EventJson.FindFault(record);
        return fault is null ? record : null;
    }
}
