using Tandem.Faults;

namespace Tandem.Learning.Imbalance;

/// <summary>The methods for rare positives, by name.</summary>
/// <remarks>Weights and thresholds come first, and where rows are dropped or made up the scores are shifted back: see
/// <c>docs/imbalance.md</c>. Each method works on the rows of a training fold alone.</remarks>
public static class ImbalanceMethods
{
    /// <summary>Name of the method that leaves rows as they are.</summary>
    public const string None = "none";

    /// <summary>Setting: share of positives that is aimed at.</summary>
    internal const string Rate = "rate";

    /// <summary>Setting: neighbours that are looked at.</summary>
    internal const string Neighbours = "neighbours";

    private static readonly ModelParameter RateParameter = new(
        Rate, 0.5, 1e-6, 0.99, IsWhole: false, "Share of positives to reach; where there are as many, nothing is done.");

    /// <summary>All methods, gentlest first.</summary>
    public static IReadOnlyList<ImbalanceMethod> All { get; } =
    [
        new()
        {
            Name = None,
            Summary = "Rows as they are: often best, with a threshold by costs.",
        },
        new()
        {
            Name = "class_weight",
            Summary = "Positives weigh more.",
            Parameters =
            [
                new(ClassWeights.Positive, 0, 0, 1e6, IsWhole: false,
                    "Weight of a positive where a negative weighs 1; 0: as much as makes both classes weigh the same."),
            ],
            Make = ClassWeights.Make,
        },
        new()
        {
            Name = "down_sample",
            Summary = "Negatives are dropped at random: less to learn from, and faster.",
            Parameters =
            [
                new(Sampling.Kept, 0, 0, 1, IsWhole: false,
                    "Share of the negatives to keep; 0: as many as reach the rate."),
                RateParameter,
            ],
            Make = Sampling.Down,
        },
        new()
        {
            Name = "up_sample",
            Summary = "Positives are repeated at random.",
            Parameters = [RateParameter],
            Make = Sampling.Up,
        },
        .. Neighbourly,
        new()
        {
            Name = "focal",
            Summary = "The focal loss: what is easy is passed over. For kinds fitted by gradients.",
            Parameters =
            [
                new("gamma", 2, 1e-3, FocalLoss.MostGamma, IsWhole: false,
                    "How much less an easy row counts: its loss is multiplied by (1 − q)^gamma, q the probability of its class."),
            ],
            Make = static work => TrainingRows.Focused(work.Rows, work.Values.Number("gamma")),
        },
        new()
        {
            Name = "hard_negatives",
            Summary = "Two passes: the negatives that a first model ranks highest are kept, and some of the others for all.",
            Parameters =
            [
                new(HardNegatives.Kept, 0.1, 1e-6, 1, IsWhole: false, "Share of the negatives to keep."),
                new(HardNegatives.Hard, 0.5, 0, 1, IsWhole: false,
                    "Share of those kept that is highest ranked; the others are drawn at random and weigh for all that are " +
                    "left out."),
            ],
            Make = HardNegatives.Make,
        },
    ];

    private static IReadOnlyList<ImbalanceMethod> Neighbourly =>
    [
        new()
        {
            Name = "smote",
            Summary = "Positives are made up between neighbouring ones (SMOTE; SMOTE-NC where columns are categories).",
            Parameters = [RateParameter, NeighboursOf(5, "Nearest positives, one of which a new one lies towards.")],
            Make = Smote.Make,
        },
        new()
        {
            Name = "borderline_smote",
            Summary = "SMOTE from the positives that have negatives all around them.",
            Parameters =
            [
                RateParameter,
                NeighboursOf(5, "Nearest positives, one of which a new one lies towards."),
                new(BorderlineSmote.DangerNeighbours, 10, 1, 1000, IsWhole: true,
                    "Nearest rows of both classes: a positive counts where at least half of them, not all, are negatives."),
                new(BorderlineSmote.Variant, 1, 1, 2, IsWhole: true,
                    "2: a new one may also lie towards the nearest negative, at most half way."),
            ],
            Make = BorderlineSmote.Make,
        },
        new()
        {
            Name = "adasyn",
            Summary = "SMOTE that makes more of the positives with more negatives around them (ADASYN).",
            Parameters = [RateParameter, NeighboursOf(5, "Nearest rows that are looked at.")],
            Make = Adasyn.Make,
        },
        new()
        {
            Name = "tomek_links",
            Summary = "Negatives are dropped that are the nearest row of a positive, and it theirs.",
            Make = Cleaning.TomekLinks,
        },
        new()
        {
            Name = "edited_neighbours",
            Summary = "Negatives are dropped that have positives around them.",
            Parameters =
            [
                NeighboursOf(3, "Nearest rows that are looked at."),
                new(Cleaning.MostPositives, 0, 0, 99, IsWhole: true, "How many of them may be positives."),
            ],
            Make = Cleaning.EditedNeighbours,
        },
    ];

    /// <summary>The methods that are worth a look beside each other.</summary>
    public static IReadOnlyList<ImbalanceChoice> Compared { get; } =
    [
        ImbalanceChoice.None, .. ((string[])["class_weight", "down_sample", "smote"]).Select(
            static method => ImbalanceChoice.None with { Method = method }),
    ];

    /// <summary>Finds a method.</summary>
    /// <param name="name">Its name, such as <c>smote</c>.</param>
    /// <exception cref="TandemException">LRN056: there is none of that name.</exception>
    public static ImbalanceMethod Find(string name) =>
        All.FirstOrDefault(method => string.Equals(method.Name, name, StringComparison.Ordinal))
        ?? throw new TandemException(LearningErrors.UnknownImbalance(name, [.. All.Select(static each => each.Name)]));

    private static ModelParameter NeighboursOf(int usual, string meaning) =>
        new(Neighbours, usual, 1, 100, IsWhole: true, meaning);
}
