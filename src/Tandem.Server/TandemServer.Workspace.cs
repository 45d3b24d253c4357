using Tandem.Workspace;

namespace Tandem.Server;

public sealed partial class TandemServer
{
    /// <summary>Starts to listen for a running system.</summary>
    /// <param name="workspace">The system, with serving started; outlives the server.</param>
    /// <param name="options">Where it listens, and limits.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="Faults.TandemException">HTP001 to HTP004: it cannot listen so.</exception>
    public static Task<TandemServer> StartAsync(
        TandemWorkspace workspace, ServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return StartAsync(Serve(workspace), options, cancellationToken);
    }

    private static ServedSystem Serve(TandemWorkspace workspace) => new()
    {
        Name = workspace.Spec.Name,
        Snapshot = workspace.Snapshot,
        Watch = workspace.WatchAsync,
        Metrics = workspace.Metrics,
        Problems = () => workspace.Problems,
        Ingest = workspace.IngestAsync,
        ChangeRows = workspace.ChangeRowsAsync,
        Recommend = workspace.RecommendAsync,
        Predict = workspace.PredictAsync,
        Similar = (item, count) => workspace.Predictor.Similar(item, count),
        Features = workspace.FeaturesAsync,
        ExplainFeatures = workspace.ExplainFeaturesAsync,
        ReadFeatures = workspace.ReadFeaturesAsync,
        RequestColumns = workspace.RequestColumns,
        Push = workspace.PushAsync,
        Materialize = workspace.MaterializeAsync,
        Versions = cancellationToken => workspace.Registry.ListAsync(workspace.Spec.Name, cancellationToken),
        LastRun = workspace.LastRun,
        AdviceQuestions = workspace.AdviceQuestions,
        Advise = workspace.Advise,
        Champion = async cancellationToken =>
            (await workspace.Registry.AliasAsync(workspace.Spec.Name, "champion", cancellationToken))?.Version,
    };
}
