using Tandem.Learning.Files;
using Tandem.Learning.Neighbours;

namespace Tandem.Learning.ItemItem;

/// <summary>Scores items by their likeness to everything in the history. Kind <c>item_item</c>.</summary>
public sealed class ItemItemModel : NeighbourModel
{
    internal const string KindName = "item_item";

    internal ItemItemModel(NeighbourTable table)
        : base(KindName, table)
    {
    }

    internal static ItemItemModel Load(Stream source) => new(NeighbourTable.Load(ModelFile.Read(source, KindName)));
}
