using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>A training set of real impressions: each a row as of its own moment, with the label that followed.</summary>
/// <param name="Set">The set.</param>
/// <param name="From">Start of the impressions' window, inclusive.</param>
/// <param name="To">Its end, exclusive.</param>
/// <param name="Immature">Impressions of the window that were left out, because the time for their label was not over: a
/// row without its event so far is no negative.</param>
/// <param name="LabelTimes">When each row's label happened, microseconds since 1970; <see cref="long.MaxValue"/> for a
/// negative.</param>
public sealed record LabelledSet(
    TrainingSet Set, DateTimeOffset From, DateTimeOffset To, long Immature, IReadOnlyList<long> LabelTimes)
{
    /// <summary>Number of the request that each row belongs to; empty where rows have none.</summary>
    public IReadOnlyList<int> Requests { get; init; } = [];

    /// <summary>Part of rows to learn from.</summary>
    public const string TrainPart = "train";

    /// <summary>Part of rows to judge on.</summary>
    public const string TestPart = "test";

    /// <summary>Builds a set; saves nothing.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="spec">The system.</param>
    /// <param name="features">The features.</param>
    /// <param name="request">Which impressions, as known when.</param>
    /// <param name="progress">Receives the finished share of the joins, or null.</param>
    /// <param name="earlier">Where columns may be taken over from; null computes all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The set, or null where the window holds no mature impression.</returns>
    public static async Task<LabelledSet?> BuildAsync(
        LakeSnapshot snapshot, SystemSpec spec, FeatureSet features, LabelledSetRequest request,
        IProgress<double>? progress = null, EarlierSets? earlier = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(request);
        ShownRows rows = await Task.Run(
            () => ShownRows.ReadMature(snapshot, spec, features, request, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        if (rows.Count == 0)
        {
            return null;
        }

        var spine = rows.ToSpine();
        TrainingSet set = await TrainingSetBuilder.BuildAsync(
            snapshot, spine, features, request.AsOf, progress, earlier, cancellationToken).ConfigureAwait(false);
        return new LabelledSet(set, request.From, request.To, rows.Immature, rows.LabelTimes)
        {
            Requests = rows.Requests,
        };
    }

    /// <summary>The features of texts that models read of rows of a system's impressions: joined beside the set, which holds
    /// numbers.</summary>
    /// <param name="spec">The system.</param>
    /// <param name="views">Its views.</param>
    public static IReadOnlyList<string> TextsOf(SystemSpec spec, IReadOnlyList<FeatureView> views)
    {
        ArgumentNullException.ThrowIfNull(spec);
        IReadOnlyList<string> entities = spec.Sources[spec.Objective.Label.Event].Entities;
        return EncoderChoice.TextsOf(spec, views, [entities[0], entities[^1], FeatureView.GlobalEntity]);
    }

    /// <summary>The features that rows of a system's impressions can have: those of its user, its item, of all, and what is
    /// computed from them.</summary>
    /// <param name="spec">The system.</param>
    /// <param name="views">Its views.</param>
    public static FeatureSet FeaturesOf(SystemSpec spec, IReadOnlyList<FeatureView> views)
    {
        ArgumentNullException.ThrowIfNull(spec);
        IReadOnlyList<string> entities = spec.Sources[spec.Objective.Label.Event].Entities;
        string[] known = [entities[0], entities[^1], FeatureView.GlobalEntity];
        var all = FeatureSet.Create(views);
        return FeatureSet.Create(views, [.. all.Names.Where((_, index) => all.EntitiesOf(index).All(known.Contains))]);
    }
}
