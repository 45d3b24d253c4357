using System.Text.Json;

namespace Tandem.Server.Routes;

/// <summary>A row over the wire. The workspace reads it; this is its description.</summary>
/// <param name="Id">Id of the entity, in lists; absent where it stands in the address.</param>
/// <param name="Data">Its columns.</param>
/// <param name="Time">Since when it is so; absent for now.</param>
internal sealed record RowBody(string? Id, JsonElement? Data, DateTimeOffset? Time);
