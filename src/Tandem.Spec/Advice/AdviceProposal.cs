namespace Tandem.Spec.Advice;

/// <summary>A design that fits the answers.</summary>
/// <param name="File">The file, without faults where the one that it was proposed onto had none.</param>
/// <param name="Lines">What was set, in the order of the file, each with its reason.</param>
public sealed record AdviceProposal(SpecFile File, IReadOnlyList<AdviceLine> Lines);
