using Tandem.Spec;

namespace Tandem.Features;

/// <summary>The operators that features may use. <c>docs/features.md</c> defines them.</summary>
public static class FeatureOperators
{
    private static readonly string[] Smoothing = ["prior", "strength"];

    /// <summary>All operators, in the order help shows them.</summary>
    public static IReadOnlyList<FeatureOperator> All { get; } =
    [
        new("count", "Number of events in the window.", OperatorInput.Nothing),
        new("sum", "Sum of a number or flag over the events in the window, computed exactly and rounded once.",
            OperatorInput.Number),
        new("mean", "Mean of a number or flag over the events in the window that have it.", OperatorInput.Number),
        new("min", "Smallest value of a number or flag in the window.", OperatorInput.Number),
        new("max", "Largest value of a number or flag in the window.", OperatorInput.Number),
        new("variance", "Population variance of a number or flag in the window, from exact sums.",
            OperatorInput.Number),
        new("stddev", "Square root of the population variance.", OperatorInput.Number),
        new("quantile", "Value at a rank: exact in a window, within 1 % of the value over all time.",
            OperatorInput.Number)
        {
            Takes = ["quantile"],
        },
        new("rate", "Mean drawn towards a prior where events are few: (sum + prior·strength) / (n + strength).",
            OperatorInput.Number)
        {
            Takes = Smoothing,
        },
        new("ratio", "Sum of one column over the sum of another, drawn towards a prior where that is small.",
            OperatorInput.Number)
        {
            Takes = ["per", .. Smoothing],
            Needs = ["per"],
        },
        new("age", "Seconds since the newest event in the window.", OperatorInput.Nothing),
        new("decayed_count", "Events, each counting half for every half-life of its age.", OperatorInput.Nothing)
        {
            Takes = ["half_life"],
            Needs = ["half_life"],
        },
        new("decayed_sum", "Sum of a number or flag, each counting half for every half-life of its age.",
            OperatorInput.Number)
        {
            Takes = ["half_life"],
            Needs = ["half_life"],
        },
        new("unique", "Number of different texts or ids in the window.", OperatorInput.Text),
        new("approx_unique", "As unique, in 4 KiB at most: HyperLogLog, standard error 1.6 %.", OperatorInput.Text),
        new("first", "Value in the oldest event in the window.", OperatorInput.Anything),
        new("last", "Value in the newest event in the window.", OperatorInput.Anything),
        new("last_k", "Text or entity of each of the newest k events in the window, oldest first.",
            OperatorInput.Text, FeatureKind.Ids)
        {
            Takes = ["k"],
        },
        new("sequence",
            "Text or entity of each of the newest k events in the window with its age, and a weight, oldest first.",
            OperatorInput.Text, FeatureKind.Sequence)
        {
            Takes = ["k", "weight"],
        },
        new("top_k", "The k largest values of a number or flag in the window, largest first.",
            OperatorInput.Number, FeatureKind.Numbers)
        {
            Takes = ["k"],
        },
        new("bottom_k", "The k smallest values of a number or flag in the window, smallest first.",
            OperatorInput.Number, FeatureKind.Numbers)
        {
            Takes = ["k"],
        },
        new("histogram", "The k most frequent texts or ids in the window with their numbers, most frequent first.",
            OperatorInput.Text, FeatureKind.Counts)
        {
            Takes = ["k"],
        },
    ];

    /// <summary>Stands for the expression of features that are computed when they are read.</summary>
    public static FeatureOperator Compute { get; } = new(
        "compute", "Computed when it is read, from other features, the request and the moment.", OperatorInput.Nothing);

    /// <summary>The same, as a tandem.yaml may name them.</summary>
    public static IReadOnlyList<KnownOperator> Known { get; } =
    [
        .. All.Select(static known => new KnownOperator(
            known.Name,
            known.Summary,
            known.NeedsColumn,
            NeedsNumber: known.Reads == OperatorInput.Number,
            NeedsText: known.Reads == OperatorInput.Text)
        {
            GivesList = known.Kind is not (FeatureKind.Number or FeatureKind.Text),
            Takes = known.Takes,
            Needs = known.Needs,
        }),
    ];

    /// <summary>Finds an operator by name, or returns null.</summary>
    /// <param name="name">Its name.</param>
    public static FeatureOperator? Find(string name) => All.FirstOrDefault(known => known.Name == name);
}
