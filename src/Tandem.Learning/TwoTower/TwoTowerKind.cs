using Tandem.Learning.Catalogue;

namespace Tandem.Learning.TwoTower;

/// <summary>The catalogue entry of the two towers.</summary>
internal static class TwoTowerKind
{
    private static readonly TwoTowerOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        TwoTowerModel.KindName,
        "Two towers: a vector from all that is known of a user, one from all that is known of an item; new users and items "
        + "are placed by their features.",
        needsTimes: false,
        Parameters(),
        (values, rows, context, cancellationToken) => TwoTowerTrainer.Fit(
            rows, Options(values), context, cancellationToken),
        TwoTowerModel.Load).GoingOn(static (model, values) => model is TwoTowerModel earlier && earlier.Fits(Options(values)))
        with
    {
        ReadsAttributes = true,
    };

    private static IReadOnlyList<ModelParameter> Parameters() =>
    [
        new("factors", Defaults.Factors, 1, 1024, IsWhole: true,
            "Length of the vectors and embeddings; multiples of 32 are fastest."),
        new("hidden", Defaults.Hidden, 1, 4096, IsWhole: true, "Width of a hidden layer."),
        new("layers", Defaults.Layers, 0, 4, IsWhole: true, "Hidden layers of each tower."),
        new("normalise", 1, 0, 1, IsWhole: true, "1 where vectors have length 1."),
        new("temperature", Defaults.Temperature, 1e-3, 100, IsWhole: false,
            "What scores are divided by in training; less of it looks harder at near misses."),
        new("user_ids", 1, 0, 1, IsWhole: true, "1 where a user's id is an input."),
        new("item_ids", 1, 0, 1, IsWhole: true, "1 where an item's id is an input; it always is where items have no features."),
        new("id_dropout", Defaults.IdDropout, 0, 1, IsWhole: false,
            "Share of examples that leave an id out where more is known; raise it where many are new."),
        new("history_length", Defaults.HistoryLength, 0, 1000, IsWhole: true, "Newest items of the history that are read."),
        new("history_features", 1, 0, 1, IsWhole: true, "1 where the items of the history are read by their features too."),
        new("recency_decay", Defaults.RecencyDecay, 0.01, 1, IsWhole: false, "Factor for each step back in the history."),
        new("ordered", 1, 0, 1, IsWhole: true,
            "1 where a user's rows are in order of time; 0 lets an example see the rows after it too."),
        new("batch_size", Defaults.BatchSize, 2, 65536, IsWhole: true, "Examples a step, each a negative of the others."),
        new("uniform_negatives", Defaults.UniformNegatives, 0, 65536, IsWhole: true,
            "Negatives a step that are drawn evenly from all items."),
        new("correction", Defaults.Correction, 0, 1, IsWhole: false,
            "How much of an item's chance to be a negative is taken out of its scores."),
        new("learning_rate", Defaults.LearningRate, 1e-5, 10, IsWhole: false, "Step size of Adagrad."),
        new("epochs", Defaults.Epochs, 1, 1000, IsWhole: true, "Passes over the rows at most."),
        new("validation_share", Defaults.ValidationShare, 0, 0.5, IsWhole: false,
            "Share of the rows, the newest, that say when to stop; 0 makes all passes."),
        new("patience", Defaults.Patience, 1, 100, IsWhole: true, "Passes without a gain after which fitting stops."),
        new("half_life_days", Defaults.HalfLifeDays, 0, 36500, IsWhole: false,
            "Days in which an example's weight halves, where times are known; 0 is never."),
    ];

    private static TwoTowerOptions Options(ParameterValues values) => new()
    {
        Factors = values.Whole("factors"),
        Hidden = values.Whole("hidden"),
        Layers = values.Whole("layers"),
        Normalise = values.Whole("normalise") == 1,
        Temperature = values.Number("temperature"),
        UserIds = values.Whole("user_ids") == 1,
        ItemIds = values.Whole("item_ids") == 1,
        IdDropout = values.Number("id_dropout"),
        HistoryLength = values.Whole("history_length"),
        HistoryFeatures = values.Whole("history_features") == 1,
        RecencyDecay = values.Number("recency_decay"),
        IsOrdered = values.Whole("ordered") == 1,
        BatchSize = values.Whole("batch_size"),
        UniformNegatives = values.Whole("uniform_negatives"),
        Correction = values.Number("correction"),
        LearningRate = values.Number("learning_rate"),
        Epochs = values.Whole("epochs"),
        ValidationShare = values.Number("validation_share"),
        Patience = values.Whole("patience"),
        HalfLifeDays = values.Number("half_life_days"),
    };
}
