using Tandem.Learning;
using Tandem.Training;

namespace Tandem.Workspace.Demo;

/// <summary>The whole demonstration, for machines.</summary>
/// <param name="Scale">Size of the world.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="History">The recorded days.</param>
/// <param name="Evaluation">The first training run's figures.</param>
/// <param name="Gate">Its verdict.</param>
/// <param name="FirstModelSeconds">Seconds until the first model was serving.</param>
/// <param name="Days">The live days.</param>
/// <param name="Seconds">Seconds of all.</param>
/// <param name="PeakMemoryBytes">Largest resident memory of the process.</param>
public sealed record DemoReport(
    double Scale, ulong Seed, DemoHistory History, EvaluationResult Evaluation, GateVerdict Gate,
    double FirstModelSeconds, IReadOnlyList<DemoDay> Days, double Seconds, long PeakMemoryBytes);
