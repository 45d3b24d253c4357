namespace Tandem.Features.Evaluation;

/// <content>A shelf as part of a page: a few series that come from a server, and what changes in them.</content>
internal sealed partial class SeriesShelf
{
    private HashSet<int>? _changed;

    /// <summary>Entities whose series an event met since this was cleared; there where changes are watched.</summary>
    public HashSet<int> Changed => _changed ??= [];

    /// <summary>Remembers from now on which series change.</summary>
    public void WatchChanges() => _changed = [];

    /// <summary>Id of an entity in UTF-8; empty for the global one.</summary>
    public byte[] Id(int entity) => Plan.EntityColumn < 0 ? [] : Ids.Utf8(entity).ToArray();

    /// <summary>Packs a series; nothing where there is none.</summary>
    public byte[] Export(int entity) => Has(entity) ? Packed(entity).ToArray() : [];

    /// <summary>Takes a packed series. Nobody else uses the shelf meanwhile.</summary>
    public void Put(ReadOnlySpan<byte> id, ReadOnlySpan<byte> packed)
    {
        int entity = Plan.EntityColumn < 0 ? 0 : Ids.FindOrAdd(id);
        Reserve(entity + 1);
        var series = EventSeries.Unpack(Plan, _codes, packed);
        Count(series);
        Slot(entity) = series;
    }

    /// <summary>Forgets all series. Nobody else uses the shelf meanwhile.</summary>
    public void Clear()
    {
        // The ids are cleared behind the shelves, so they still say how many there are.
        for (int entity = 0; entity < EntityCount; entity++)
        {
            Slot(entity) = null;
        }

        _changed?.Clear();
    }
}
