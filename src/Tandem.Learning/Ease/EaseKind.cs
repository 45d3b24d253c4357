using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Ease;

/// <summary>The catalogue entry of the shallow autoencoder.</summary>
internal static class EaseKind
{
    private static readonly EaseOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        EaseModel.KindName,
        "A weight between any two items, learned in closed form; strong for catalogues of up to some twenty thousand.",
        needsTimes: false,
        [
            new("regularisation", Defaults.Regularisation, 1e-3, 1e9, IsWhole: false,
                "Pull of the weights to zero; more for sparser data."),
            new("neighbours", Defaults.Neighbours, 0, 1_000_000, IsWhole: true,
                "Weights kept an item, those of largest magnitude; 0 keeps all."),
            new("memory_mb", Defaults.MemoryMegabytes, 1, 1_000_000, IsWhole: true,
                "Memory that fitting may take, in MiB: 4 bytes for every two items, 8 for every weight kept."),
        ],
        (values, rows, context, cancellationToken) => EaseTrainer.Fit(
            rows,
            new EaseOptions
            {
                Regularisation = values.Number("regularisation"),
                Neighbours = values.Whole("neighbours"),
                MemoryMegabytes = values.Whole("memory_mb"),
            },
            context,
            cancellationToken),
        EaseModel.Load);
}
