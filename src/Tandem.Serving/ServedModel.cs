using Tandem.Faults;
using Tandem.Features;
using Tandem.Learning;
using Tandem.Learning.Nearest;

namespace Tandem.Serving;

/// <summary>A model version in memory, ready to answer: the scorer, its fallback, and the ids behind its
/// numbers.</summary>
/// <remarks>Immutable; the predictor swaps one for another between two requests.</remarks>
public sealed record ServedModel
{
    /// <summary>Version in the registry, in digits.</summary>
    public required string Version { get; init; }

    /// <summary>Scores the items.</summary>
    public required IItemScorer Scorer { get; init; }

    /// <summary>Finds the scorer's best items without scoring all; null where all are scored.</summary>
    public NearestIndex? Index { get; init; }

    /// <summary>Answers where the scorer has nothing; knows the same items.</summary>
    public required IItemScorer Fallback { get; init; }

    /// <summary>Item ids, in the scorer's order.</summary>
    public required EntityIndex Items { get; init; }

    /// <summary>User ids, in the scorer's order.</summary>
    public required EntityIndex Users { get; init; }

    /// <summary>Reads what the scorer was trained to know of users; null where it reads nothing.</summary>
    public ServedEntity? UserInputs { get; init; }

    /// <summary>Reads what the scorer was trained to know of items, for those that come later; null where it reads
    /// nothing.</summary>
    public ServedEntity? ItemInputs { get; init; }

    /// <summary>Orders the candidates by features; null where the order of retrieval is served.</summary>
    public ServedRowModel? Ranker { get; init; }

    /// <summary>Why <see cref="Ranker"/> is missing although the version has one; otherwise null.</summary>
    public Fault? RankFault { get; init; }

    /// <summary>Moment up to which the scorer has seen actions; later ones make a history new.</summary>
    public required DateTimeOffset AsOf { get; init; }
}
