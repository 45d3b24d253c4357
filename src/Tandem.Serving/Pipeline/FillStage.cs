using Tandem.Learning;

namespace Tandem.Serving.Pipeline;

/// <summary>Cuts the list to the slots, and fills slots that the model left empty from the fallback: no answer is empty
/// while an item passes the filters.</summary>
internal sealed class FillStage(FilterStage filter) : IStage
{
    public string Name => "fill";

    public void Run(RequestContext context)
    {
        int kept = Math.Min(context.CandidateCount, context.Count);
        context.CandidateCount = kept;
        if (kept == context.Count)
        {
            return;
        }

        ItemQuery query = new() { User = -1 };
        context.Model.Fallback.ScoreItems(in query, context.Scores);
        filter.Strike(context, context.Scores);
        foreach (Candidate candidate in context.Candidates)
        {
            context.Scores[candidate.Item] = float.NegativeInfinity;
        }

        int added = context.AddBest(context.Count - kept, CandidateSource.Fallback);
        context.Note = $"{added} from the fallback";
    }
}
