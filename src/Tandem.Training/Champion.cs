using System.Globalization;
using Tandem.Features;
using Tandem.Learning;
using Tandem.Training.Ranking;

namespace Tandem.Training;

/// <summary>The version that serves now, as a judge sees it.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Change">Number of the alias change that made it champion, so that a lost race is noticed.</param>
/// <param name="Scorer">Its model of items; null where it predicts.</param>
/// <param name="Users">User ids in the model's order.</param>
/// <param name="Items">Item ids in the model's order.</param>
/// <param name="AsOf">Moment up to which it saw actions.</param>
public sealed record Champion(
    int Version, int Change, IItemScorer? Scorer, EntityIndex Users, EntityIndex Items, DateTimeOffset AsOf)
{
    /// <summary>Its name in a verdict.</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"champion version {Version}");

    /// <summary>How it reads what is known of users and items; null where it reads nothing.</summary>
    public RetrievalEncoders? Encoders { get; init; }

    /// <summary>The model that orders its candidates, or predicts; null where it serves the order of retrieval.</summary>
    public RowModel? Rank { get; init; }
}
