using Tandem.Learning;

namespace Tandem.Serving.Pipeline;

/// <summary>Retrieval: the champion scores each item for this user, or gives the vector that its index searches
/// for.</summary>
internal sealed class ScoreStage : IStage
{
    public string Name => "score";

    public void Run(RequestContext context)
    {
        bool isKnown = context.ReadUser();
        if (context.HistoryCount == 0 && context.User < 0 && !isKnown)
        {
            context.Scores.Fill(float.NegativeInfinity);
            context.Note = "nothing known: the fallback answers";
            return;
        }

        ItemQuery query = new()
        {
            User = context.User,
            History = context.History[..context.HistoryCount],
            AgeDays = context.AgeDays[..context.HistoryCount],
            HistoryIsNew = context.HistoryIsNew,
            Attributes = context.UserRow,
        };
        context.IsIndexed = context.Model is { Index: not null, Scorer: IVectorScorer scorer }
            && scorer.TryFindQuery(in query, context.Query);
        if (!context.IsIndexed)
        {
            context.Model.Scorer.ScoreItems(in query, context.Scores);
        }

        context.Note = (context.HistoryIsNew ? "history folded in" : "history as fitted")
            + (isKnown ? ", features of the user read" : "");
    }
}
