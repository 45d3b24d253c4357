namespace Tandem.Serving.Pipeline;

/// <summary>Orders the candidates by what the version's ranking model says of their features and the user's; equal scores
/// go to the lower item number. Without such a model, the order of retrieval stays.</summary>
internal sealed class RankStage : IStage
{
    public string Name => "rank";

    public void Run(RequestContext context)
    {
        if (context.Model.Ranker is not { } ranker)
        {
            context.Note = context.Model.RankFault is { } fault ? $"{fault.Code}: order of retrieval" : null;
        }
        else if (context.CandidateCount > 0)
        {
            context.Ranking.Run(context, ranker);
            context.Note = "by features";
        }
    }
}
