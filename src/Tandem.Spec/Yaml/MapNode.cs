namespace Tandem.Spec.Yaml;

/// <summary>Keys and their values, in the order of the text.</summary>
internal sealed class MapNode(Mark start, int end, IReadOnlyList<MapEntry> entries, bool isFlow) : Node(start, end)
{
    /// <summary>All entries; a key that is given twice is there twice.</summary>
    public IReadOnlyList<MapEntry> Entries { get; } = entries;

    /// <summary>True where it is written <c>{a: 1}</c>.</summary>
    public bool IsFlow { get; } = isFlow;

    public override string Said => "a mapping";

    /// <summary>The first entry with a key, or null.</summary>
    public MapEntry? Find(string key)
    {
        foreach (MapEntry entry in Entries)
        {
            if (entry.Key.Text == key)
            {
                return entry;
            }
        }

        return null;
    }
}
