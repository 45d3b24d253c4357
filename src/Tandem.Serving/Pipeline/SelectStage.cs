namespace Tandem.Serving.Pipeline;

/// <summary>Takes the best-scored items as candidates, or those that the index finds; equal scores go to the lower item
/// number.</summary>
internal sealed class SelectStage(int candidateCount, RecallAudit audit) : IStage
{
    public string Name => "select";

    public void Run(RequestContext context)
    {
        int count = Math.Max(candidateCount, context.Count);
        if (!context.IsIndexed)
        {
            context.AddBest(count, CandidateSource.Model);
            return;
        }

        ReadOnlySpan<int> found = context.AddFound(count);
        audit.Offer(context.Model.Index!, context.IndexedCount, context.Query, context.Allowed, count, found);
        context.AddFresh(count);
        context.Note = $"by index: {ServedIndex.Words[context.Model.Index!.Kind]}";
    }
}
