using Tandem.Faults;
using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Sasrec;

/// <summary>The catalogue entry of the sequence transformer.</summary>
internal static class SasrecKind
{
    private static readonly SasrecOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        SasrecModel.KindName,
        "Transformer over the order of a history (SASRec): what comes next, learned against all items.",
        needsTimes: false,
        [
            new("factors", Defaults.Factors, 4, 1024, IsWhole: true,
                "Length of the factors, a multiple of 'heads'; multiples of 32 are fastest."),
            new("blocks", Defaults.Blocks, 1, 12, IsWhole: true, "Blocks of attention, one upon another."),
            new("heads", Defaults.Heads, 1, 64, IsWhole: true, "Ways in which each block looks back."),
            new("history_length", Defaults.HistoryLength, 1, 1000, IsWhole: true,
                "Last items of the history that are read."),
            new("dropout", Defaults.Dropout, 0, 0.9, IsWhole: false,
                "Share of activations dropped while learning; raise it where training data is matched better than test data."),
            new("negatives", Defaults.Negatives, 0, 1_000_000, IsWhole: true,
                "Wrong items that a step compares with; 0 is all items up to 32768, else 4096."),
            new("batch_size", Defaults.BatchSize, 1, 65_536, IsWhole: true, "Sequences a step."),
            new("learning_rate", Defaults.LearningRate, 1e-6, 1, IsWhole: false, "Rate of Adam."),
            new("weight_decay", Defaults.WeightDecay, 0, 100, IsWhole: false,
                "Share of weights and factors that a step at rate 1 takes away."),
            new("epochs", Defaults.Epochs, 1, 10_000, IsWhole: true, "Passes over all sequences at most."),
            new("patience", Defaults.Patience, 0, 1000, IsWhole: true,
                "Passes without a better NDCG@10 on held-out users after which to stop; 0 runs all passes."),
        ],
        (values, rows, context, cancellationToken) =>
        {
            SasrecOptions options = Options(values);
            return options.Factors % options.Heads == 0
                ? SasrecTrainer.Fit(rows, options, context, cancellationToken)
                : throw new TandemException(LearningErrors.UnevenHeads(options.Factors, options.Heads));
        },
        SasrecModel.Load).GoingOn(static (model, values) => model is SasrecModel earlier && earlier.Fits(Options(values)));

    private static SasrecOptions Options(ParameterValues values) => new()
    {
        Factors = values.Whole("factors"),
        Blocks = values.Whole("blocks"),
        Heads = values.Whole("heads"),
        HistoryLength = values.Whole("history_length"),
        Dropout = values.Number("dropout"),
        Negatives = values.Whole("negatives"),
        BatchSize = values.Whole("batch_size"),
        LearningRate = values.Number("learning_rate"),
        WeightDecay = values.Number("weight_decay"),
        Epochs = values.Whole("epochs"),
        Patience = values.Whole("patience"),
    };
}
