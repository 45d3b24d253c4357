using Tandem.Learning.Catalogue;

namespace Tandem.Learning.ItemItem;

/// <summary>The catalogue entry of item-item likeness.</summary>
internal static class ItemItemKind
{
    private static readonly ItemItemOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        ItemItemModel.KindName,
        "Items that the same people chose as those in the history; nothing to tune, good with little data.",
        needsTimes: false,
        [
            new("neighbours", Defaults.Neighbours, 0, 1_000_000, IsWhole: true,
                "Neighbours kept an item; 0 keeps all."),
        ],
        (values, rows, context, cancellationToken) => ItemItemTrainer.Fit(
            rows, new ItemItemOptions { Neighbours = values.Whole("neighbours") }, context, cancellationToken),
        ItemItemModel.Load);
}
