namespace Tandem.Training;

/// <summary>Whether the best candidate may become champion, and why.</summary>
/// <param name="IsPromoted">True where it becomes champion.</param>
/// <param name="Metric">Metric that decided.</param>
/// <param name="Candidate">The candidate's value on the newest window.</param>
/// <param name="Against">What it was measured against: <c>champion version 3</c>, or a baseline.</param>
/// <param name="Reference">The other's value on the same users and rows.</param>
/// <param name="Low">Lower end of the 95 % interval of the paired difference.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Reason">One sentence for people.</param>
public sealed record GateVerdict(
    bool IsPromoted, string Metric, double Candidate, string Against, double Reference, double Low, double High,
    string Reason);
