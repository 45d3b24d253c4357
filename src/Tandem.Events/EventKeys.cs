using System.Text;

namespace Tandem.Events;

/// <summary>The text of each <see cref="EventKey"/>. Persisted: never rename one.</summary>
internal static class EventKeys
{
    private static readonly string[] Names =
    [
        "id", "type", "tenant", "entities", "time", "known", "request", "position", "propensity", "model", "features",
        "data", "~",
    ];

    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.UTF8.GetBytes)];
    private static readonly byte[][] Leads = [.. Names.Select(name => Encoding.UTF8.GetBytes($",\"{name}\":"))];

    public static string Name(EventKey key) => Names[(int)key];

    /// <summary>What stands before the value of a key that is not the first.</summary>
    public static ReadOnlySpan<byte> Lead(EventKey key) => Leads[(int)key];

    /// <summary>Finds a key by its text, trying first the one that is written behind <paramref name="last"/>: lines of
    /// the log come in order.</summary>
    public static EventKey? Find(ReadOnlySpan<byte> name, EventKey last)
    {
        for (int i = 1; i <= Names.Length; i++)
        {
            int key = ((int)last + i) % Names.Length;
            if (name.SequenceEqual(Utf8Names[key]))
            {
                return (EventKey)key;
            }
        }

        return null;
    }
}
