using Tandem.Learning.Catalogue;

namespace Tandem.Learning.SkipGram;

/// <summary>The catalogue entry of vectors learned from sessions.</summary>
internal static class SkipGramKind
{
    private static readonly SkipGramOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        SkipGramModel.KindName,
        "Vectors of items that lie near each other in sessions, as word2vec learns words; good for similar items.",
        needsTimes: false,
        [
            new("factors", Defaults.Factors, 1, 1024, IsWhole: true, "Length of the vectors."),
            new("reach", Defaults.Reach, 1, 1000, IsWhole: true, "Positions between an item and its context at most."),
            new("negatives", Defaults.Negatives, 0, 100, IsWhole: true,
                "Items drawn by popularity that stand against each context."),
            new("market_negatives", Defaults.MarketNegatives, 0, 100, IsWhole: true,
                "Items drawn from the item's own group that do too, where items are grouped."),
            new("count_exponent", Defaults.CountExponent, 0, 1, IsWhole: false,
                "Power of an item's count by which negatives are drawn."),
            new("session_gap_days", Defaults.SessionGapDays, 0, 36500, IsWhole: false,
                "Days between two rows that end a session, where times are known; 0 makes a history one session."),
            new("learning_rate", Defaults.LearningRate, 1e-6, 10, IsWhole: false,
                "Step of the descent in the first epoch; it falls to zero in a straight line."),
            new("epochs", Defaults.Epochs, 1, 10_000, IsWhole: true, "Passes over the rows."),
            new("history_length", Defaults.HistoryLength, 1, 1000, IsWhole: true,
                "Last items of the history that are asked."),
            new("recency_decay", Defaults.RecencyDecay, 0.01, 1, IsWhole: false,
                "Factor for each step back in the history."),
        ],
        (values, rows, context, cancellationToken) => SkipGramTrainer.Fit(
            rows,
            new SkipGramOptions
            {
                Factors = values.Whole("factors"),
                Reach = values.Whole("reach"),
                Negatives = values.Whole("negatives"),
                MarketNegatives = values.Whole("market_negatives"),
                CountExponent = values.Number("count_exponent"),
                SessionGapDays = values.Number("session_gap_days"),
                LearningRate = values.Number("learning_rate"),
                Epochs = values.Whole("epochs"),
                HistoryLength = values.Whole("history_length"),
                RecencyDecay = values.Number("recency_decay"),
            },
            context,
            cancellationToken),
        SkipGramModel.Load);
}
