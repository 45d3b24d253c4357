using Tandem.Learning;

namespace Tandem.Serving.Pipeline;

/// <summary>Retrieval over all items: the champion scores each for this user.</summary>
internal sealed class ScoreStage : IStage
{
    public string Name => "score";

    public void Run(RequestContext context)
    {
        if (context.HistoryCount == 0 && context.User < 0)
        {
            context.Scores.Fill(float.NegativeInfinity);
            context.Note = "no history: the fallback answers";
            return;
        }

        ItemQuery query = new()
        {
            User = context.User,
            History = context.History[..context.HistoryCount],
            AgeDays = context.AgeDays[..context.HistoryCount],
            HistoryIsNew = context.HistoryIsNew,
        };
        context.Model.Scorer.ScoreItems(in query, context.Scores);
        context.Note = context.HistoryIsNew ? "history folded in" : "history as fitted";
    }
}
