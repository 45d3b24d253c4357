namespace Tandem.Monitoring.Concept;

/// <summary>Where a window broke in two: the numbers on both sides.</summary>
/// <param name="OldCount">Values before the break, at least 1.</param>
/// <param name="OldMean">Their mean.</param>
/// <param name="NewCount">Values after it, at least 1.</param>
/// <param name="NewMean">Their mean.</param>
/// <param name="Variance">Variance of the whole window.</param>
public readonly record struct AdwinCut(long OldCount, double OldMean, long NewCount, double NewMean, double Variance);
