using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training.Tests;

/// <summary>A champion that cannot be beaten: it has seen the future.</summary>
internal sealed class PerfectScorer : IItemScorer
{
    private readonly InteractionSet _all;

    public PerfectScorer(LakeSnapshot snapshot, SystemSpec spec)
    {
        _all = InteractionSet.Read(snapshot, spec, InteractionQuery.Of(spec.Objective.Label));
    }

    public EntityIndex Users => _all.Users;

    public EntityIndex Items => _all.Items;

    public string Kind => "perfect";

    public int ItemCount => _all.ItemCount;

    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        scores.Clear();
        if (query.User >= 0)
        {
            // The newest come last in a user's rows, so later rows score higher.
            for (int row = _all.RowStarts[query.User]; row < _all.RowStarts[query.User + 1]; row++)
            {
                scores[_all.RowItems[row]] = 1 + row;
            }
        }
    }

    public void ScoreSimilar(int item, Span<float> scores) => throw new NotSupportedException("Not asked here.");

    public void Save(Stream target) => throw new NotSupportedException("Not saved here.");
}
