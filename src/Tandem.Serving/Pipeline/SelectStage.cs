namespace Tandem.Serving.Pipeline;

/// <summary>Takes the best-scored items as candidates; equal scores go to the lower item number.</summary>
internal sealed class SelectStage(int candidateCount) : IStage
{
    public string Name => "select";

    public void Run(RequestContext context)
    {
        context.AddBest(Math.Max(candidateCount, context.Count), CandidateSource.Model);
    }
}
