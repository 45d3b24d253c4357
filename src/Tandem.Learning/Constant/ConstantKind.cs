using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Constant;

/// <summary>The catalogue entry.</summary>
internal static class ConstantKind
{
    public static RowModelKind Kind { get; } = RowKindDefinition.Create(
        ConstantModel.KindName,
        "The same for every row, whatever its features: the rate of positives, the shares of classes, the mean, the quantiles; " +
        "the baseline of models that read features.",
        [],
        static (_, rows, _, _) => ConstantTrainer.Fit(rows),
        ConstantModel.Load,
        targets: Enum.GetValues<RowTargetKind>(),
        takesMissing: true);
}
