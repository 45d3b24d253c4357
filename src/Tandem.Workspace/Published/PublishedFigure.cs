namespace Tandem.Workspace.Published;

/// <summary>What somebody published about a model on public data.</summary>
/// <param name="Model">The paper's name of the model.</param>
/// <param name="Ours">Name of our model in the evaluation that is the same one, or null where it only sets the
/// scale.</param>
/// <param name="Metrics">Metric name, such as <c>recall@20</c>, to the published value.</param>
/// <param name="Source">Where it was published.</param>
public sealed record PublishedFigure(
    string Model, string? Ours, IReadOnlyDictionary<string, double> Metrics, string Source);
