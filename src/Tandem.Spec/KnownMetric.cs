namespace Tandem.Spec;

/// <summary>A metric that a design may name.</summary>
/// <param name="Name">Name without the cut-off, such as <c>recall</c>.</param>
/// <param name="Summary">One line of help.</param>
/// <param name="TakesCutoff">True where it is written with a cut-off: <c>recall@20</c>.</param>
/// <param name="Family">What kind of answer it judges.</param>
public sealed record KnownMetric(
    string Name, string Summary, bool TakesCutoff, MetricFamily Family = MetricFamily.Ranking);
