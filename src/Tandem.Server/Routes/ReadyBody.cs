using Tandem.Workspace;

namespace Tandem.Server.Routes;

/// <summary>Whether everything behind an answer works. A process that is degraded still answers, so the status code stays
/// 200.</summary>
/// <param name="Status"><c>ready</c>, or <c>degraded</c> where a job has failed and not succeeded since.</param>
/// <param name="Problems">Those jobs, newest last.</param>
internal sealed record ReadyBody(string Status, IReadOnlyList<ReadyProblemBody> Problems)
{
    public static ReadyBody Of(IReadOnlyList<LoopProblem> problems) => new(
        problems.Count == 0 ? "ready" : "degraded",
        [.. problems.Select(static each => new ReadyProblemBody(each.Job, each.Fault.Code, each.Fault.ToString(), each.Time))]);
}

/// <summary>A job of the background that failed.</summary>
/// <param name="Job">Which.</param>
/// <param name="Code">Code of the fault.</param>
/// <param name="Message">Code, what happened, what to do.</param>
/// <param name="Time">When it failed last.</param>
internal sealed record ReadyProblemBody(string Job, string Code, string Message, DateTimeOffset Time);
