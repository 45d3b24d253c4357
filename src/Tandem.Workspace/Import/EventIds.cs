using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tandem.Workspace.Import;

/// <summary>Ids of imported events: where a row stands decides its id, so importing a file again gives the same
/// events.</summary>
internal sealed class EventIds
{
    private const int HashBytes = 8;
    private readonly string _prefix;

    public EventIds(string source, string part)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\n{part}"));
        _prefix = Convert.ToHexStringLower(digest, 0, HashBytes);
    }

    /// <summary>The id of the event at a place: source and part as a hash, then line and position in the
    /// line.</summary>
    public string At(long line, int position) =>
        string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{line}-{position}");
}
