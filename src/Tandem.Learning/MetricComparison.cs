namespace Tandem.Learning;

/// <summary>Two models on the same users.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Champion">Figure of the first model.</param>
/// <param name="Challenger">Figure of the second model.</param>
/// <param name="Difference">Challenger less champion.</param>
/// <param name="Low">Lower end of the 95 % paired-bootstrap interval of the difference.</param>
/// <param name="High">Upper end.</param>
public sealed record MetricComparison(
    string Metric, double Champion, double Challenger, double Difference, double Low, double High)
{
    /// <summary>True of losses and errors: less is better.</summary>
    public bool LowerIsBetter { get; init; }

    /// <summary>True where the whole interval lies on the better side of zero.</summary>
    public bool IsBetter => LowerIsBetter ? High < 0 : Low > 0;
}
