using Tandem.Learning;

namespace Tandem.Training.Ranking;

/// <summary>What a candidate must beat, as it serves.</summary>
/// <param name="Name">Its name in the judgement.</param>
/// <param name="Scorer">Its retrieval model, in the run's numbering of users and items.</param>
/// <param name="Rank">Its ranking model, or null.</param>
internal sealed record RankReference(string Name, IItemScorer Scorer, RowModel? Rank);
