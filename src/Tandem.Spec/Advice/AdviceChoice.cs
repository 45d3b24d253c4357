namespace Tandem.Spec.Advice;

/// <summary>An answer that a question knows.</summary>
/// <param name="Word">What is answered.</param>
/// <param name="Meaning">What it means.</param>
public sealed record AdviceChoice(string Word, string Meaning);
