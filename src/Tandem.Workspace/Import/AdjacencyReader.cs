using Tandem.Events;

namespace Tandem.Workspace.Import;

/// <summary>Reads adjacency lists: each line names a first entity, then its second entities in order; each pair is one
/// event.</summary>
internal sealed class AdjacencyReader : IDisposable
{
    // Ids repeat: one string each, as long as there are not too many.
    private const int MaxCachedIds = 1 << 20;

    private readonly WordReader _words;
    private readonly string _firstName;
    private readonly string _secondName;
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _idsByText;
    private EntityKey _first;

    public AdjacencyReader(WordReader words, IReadOnlyList<string> entities)
    {
        _words = words;
        _firstName = entities[0];
        _secondName = entities[1];
        _idsByText = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Line of the pair, from 1.</summary>
    public long Line => _words.Line;

    /// <summary>Place of the second entity in its line, from 1.</summary>
    public int Position => _words.Index;

    /// <summary>Reads the next pair; lines with a first entity alone have none.</summary>
    /// <returns>The pair's entities, or null at the end.</returns>
    public EntityKey[]? Read()
    {
        while (_words.TryRead(out ReadOnlySpan<char> word))
        {
            if (_words.Index > 0)
            {
                return [_first, new EntityKey(_secondName, Id(word))];
            }

            _first = new EntityKey(_firstName, Id(word));
        }

        return null;
    }

    public void Dispose() => _words.Dispose();

    private string Id(ReadOnlySpan<char> word)
    {
        if (_idsByText.TryGetValue(word, out string? id))
        {
            return id;
        }

        id = word.ToString();
        if (_ids.Count < MaxCachedIds)
        {
            _ids.Add(id, id);
        }

        return id;
    }
}
