using Tandem.Registry;

namespace Tandem.Server.Routes;

/// <summary>The registry over the wire.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Champion">Number of the version that serves, or absent.</param>
/// <param name="Versions">Versions, newest first.</param>
internal sealed record ModelsBody(string Model, int? Champion, IReadOnlyList<ModelVersionBody> Versions);

/// <summary>A version over the wire.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Created">When it was published.</param>
/// <param name="TrainingSet">Hash of its training set.</param>
/// <param name="Spec">Hash of its design.</param>
/// <param name="Metrics">What evaluation measured; null where the metric is not defined.</param>
internal sealed record ModelVersionBody(
    int Number, string Kind, DateTimeOffset Created, string TrainingSet, string Spec,
    IReadOnlyDictionary<string, double?> Metrics)
{
    public static ModelVersionBody From(ModelVersion version) => new(
        version.Number, version.Kind, version.Created, version.Lineage.TrainingSetHash, version.Lineage.SpecHash,
        version.Lineage.Metrics.ToDictionary(
            metric => metric.Key,
            metric => double.IsFinite(metric.Value.Value) ? metric.Value.Value : (double?)null,
            StringComparer.Ordinal));
}
