using Tandem.Learning.Catalogue;
using Tandem.Learning.Networks;

namespace Tandem.Learning.RowNetworks;

/// <summary>The catalogue entries.</summary>
internal static class RowNetworkKinds
{
    /// <summary>Factorisation machine.</summary>
    public static RowModelKind Machine { get; } = OfMachine(
        RowNetworkShape.Machine,
        "Factorisation machine: a weight for each feature, and for each pair of them the inner product of learned factors.",
        factors: 8);

    /// <summary>Field-aware factorisation machine.</summary>
    public static RowModelKind FieldMachine { get; } = OfMachine(
        RowNetworkShape.FieldMachine,
        "Field-aware factorisation machine: as fm, with factors of its own for each field that a feature may meet.",
        factors: 4);

    /// <summary>Deep and cross network.</summary>
    public static RowModelKind DeepCross { get; } = RowKindDefinition.Create(
        RowNetworkShape.DeepCross,
        "Deep and cross network (DCN V2) on embeddings: crosses of features beside hidden layers, one head a label.",
        [
            new("factors", 16, 1, 1024, IsWhole: true, "Length of the embeddings."),
            new("cross_layers", 2, 0, 8, IsWhole: true, "Layers of crosses; each raises their degree by one."),
            new("layers", 2, 0, 8, IsWhole: true, "Hidden layers."),
            new("hidden", 128, 1, 4096, IsWhole: true, "Width of a hidden layer."),
            new("dropout", 0.1, 0, 0.9, IsWhole: false, "Share of hidden activations dropped while learning."),
            .. Common(learningRate: 3e-3, weightDecay: 1, epochs: 20),
            new("order_loss", 0, 0, 3, IsWhole: true,
                "How order in groups is learned: 0 softmax of gains, 1 ListNet, 2 pairs, 3 pairs with a margin."),
        ],
        (values, rows, context, cancellationToken) => RowNetworkTrainer.Fit(
            rows,
            new RowNetworkShape(RowNetworkShape.DeepCross)
            {
                Factors = values.Whole("factors"),
                CrossLayers = values.Whole("cross_layers"),
                Layers = values.Whole("layers"),
                Hidden = values.Whole("hidden"),
                Dropout = values.Number("dropout"),
                OutputCount = rows.Target.OutputCount,
            },
            OptionsOf(values, context) with { IsCosine = true, OrderLoss = (OrderLoss)values.Whole("order_loss") },
            context,
            cancellationToken),
        static source => RowNetworkModel.Load(RowNetworkShape.DeepCross, source),
        [
            RowTargetKind.Binary, RowTargetKind.Multiclass, RowTargetKind.Multilabel, RowTargetKind.Number,
            RowTargetKind.Count, RowTargetKind.Order,
        ],
        takesMissing: true,
        takesFocalLoss: true);

    private static RowModelKind OfMachine(string name, string summary, int factors) => RowKindDefinition.Create(
        name,
        summary,
        [
            new("factors", factors, 1, 1024, IsWhole: true, "Length of the factors."),
            .. Common(learningRate: 0.05, weightDecay: 0.01, epochs: 30),
        ],
        (values, rows, context, cancellationToken) => RowNetworkTrainer.Fit(
            rows,
            new RowNetworkShape(name) { Factors = values.Whole("factors") },
            OptionsOf(values, context) with { Optimiser = OptimiserKind.Adagrad },
            context,
            cancellationToken),
        source => RowNetworkModel.Load(name, source),
        [RowTargetKind.Binary, RowTargetKind.Number, RowTargetKind.Count],
        takesMissing: true,
        takesFocalLoss: true);

    private static ModelParameter[] Common(double learningRate, double weightDecay, int epochs) =>
    [
        new("learning_rate", learningRate, 1e-6, 10, IsWhole: false, "Step of the descent."),
        new("weight_decay", weightDecay, 0, 100, IsWhole: false,
            "Share of weights and factors that a step at rate 1 takes away."),
        new("batch_size", 256, 1, 65_536, IsWhole: true, "Rows a step."),
        new("epochs", epochs, 1, 10_000, IsWhole: true, "Passes over the rows at most."),
        new("patience", 3, 0, 1000, IsWhole: true,
            "Passes without a lower loss on held-out rows after which to stop; 0 runs all passes."),
        new("validation_share", 0.1, 0, 0.5, IsWhole: false, "Share of the rows that says when to stop."),
    ];

    private static RowNetworkOptions OptionsOf(ParameterValues values, FitContext context) => new()
    {
        LearningRate = values.Number("learning_rate"),
        WeightDecay = values.Number("weight_decay"),
        BatchSize = values.Whole("batch_size"),
        Epochs = values.Whole("epochs"),
        Patience = values.Whole("patience"),
        ValidationShare = values.Number("validation_share"),
        FocalGamma = context.FocalGamma,
    };
}
