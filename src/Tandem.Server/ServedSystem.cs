using Tandem.Features;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Spec.Advice;
using Tandem.Workspace;

namespace Tandem.Server;

/// <summary>What the server asks of a running system. The server translates and decides nothing, so this is all it
/// knows.</summary>
public sealed record ServedSystem
{
    /// <summary>Name of the system, which is its model's name too.</summary>
    public required string Name { get; init; }

    /// <summary>Reads the system's numbers.</summary>
    public required Func<WorkspaceSnapshot> Snapshot { get; init; }

    /// <summary>Follows the system's numbers until cancelled.</summary>
    public required Func<CancellationToken, IAsyncEnumerable<WorkspaceSnapshot>> Watch { get; init; }

    /// <summary>Writes the system's numbers in Prometheus text format.</summary>
    public required Func<string> Metrics { get; init; }

    /// <summary>Takes events of one form, one JSON object in UTF-8 each; gives one outcome for each, in
    /// order.</summary>
    public required IngestEvents Ingest { get; init; }

    /// <summary>Changes rows of items or users; gives one outcome for each, in order.</summary>
    public required ChangeRows ChangeRows { get; init; }

    /// <summary>The jobs of the background that have failed and not succeeded since.</summary>
    public required Func<IReadOnlyList<LoopProblem>> Problems { get; init; }

    /// <summary>Answers which items to show.</summary>
    public required Func<RecommendRequest, CancellationToken, ValueTask<RecommendResponse>> Recommend { get; init; }

    /// <summary>Answers how likely a positive is for each of some items.</summary>
    public required Func<PredictRequest, CancellationToken, ValueTask<PredictResponse>> Predict { get; init; }

    /// <summary>Answers which items are like an item, given how many.</summary>
    public required Func<string, int, SimilarResponse> Similar { get; init; }

    /// <summary>Describes every feature, with its values in training and live.</summary>
    public required Func<CancellationToken, Task<FeatureCatalogue>> Features { get; init; }

    /// <summary>Says what the features of a view were for an entity as of a moment, or now, with so many of the events
    /// behind them.</summary>
    public required Func<string, string, DateTimeOffset?, int, CancellationToken, Task<EntityHistory>> ExplainFeatures
    {
        get;
        init;
    }

    /// <summary>Reads features of many entities as they are now.</summary>
    public required Func<OnlineQuery, CancellationToken, ValueTask<IReadOnlyList<OnlineColumn>>> ReadFeatures
    {
        get;
        init;
    }

    /// <summary>Names of what requests may say of themselves: the columns of the impression's source.</summary>
    public IReadOnlyList<string> RequestColumns { get; init; } = [];

    /// <summary>Takes rows of a source that stand in columns; gives one outcome for each, in order.</summary>
    public required PushRows Push { get; init; }

    /// <summary>Brings what is in the log into lake and snapshot, given names of views and whether to wait for another
    /// such call.</summary>
    public required Func<IReadOnlyList<string>, bool, CancellationToken, Task<Materialization>> Materialize
    {
        get;
        init;
    }

    /// <summary>Lists the versions of the model, newest first.</summary>
    public required Func<CancellationToken, IAsyncEnumerable<ModelVersion>> Versions { get; init; }

    /// <summary>Number of the champion, or null.</summary>
    public required Func<CancellationToken, Task<int?>> Champion { get; init; }

    /// <summary>The newest training run, as <c>tandem train --json</c> prints it; null before the first.</summary>
    public required Func<byte[]?> LastRun { get; init; }

    /// <summary>Lists the questions whose answers decide a design: of this system where true, else of a new one.</summary>
    public required Func<bool, IReadOnlyList<AdviceQuestion>> AdviceQuestions { get; init; }

    /// <summary>Proposes a design from answers by key, onto this system's where true.</summary>
    public required Func<IReadOnlyDictionary<string, string>, bool, AdviceProposal> Advise { get; init; }
}
