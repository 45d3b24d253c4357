namespace Tandem.Monitoring.Concept;

/// <summary>Everything a <see cref="ConceptMonitor"/> knows, for a file.</summary>
/// <param name="Where">Name of the model.</param>
/// <param name="Options">Its settings.</param>
/// <param name="Observed">Choices seen.</param>
/// <param name="Rises">Rises of the error rate found.</param>
/// <param name="Window">The detector.</param>
internal sealed record ConceptState(string Where, ConceptOptions Options, long Observed, int Rises, AdwinState Window)
{
    /// <summary>A rise too small to alarm, or null.</summary>
    public AdwinCut? Doubt { get; init; }
}
