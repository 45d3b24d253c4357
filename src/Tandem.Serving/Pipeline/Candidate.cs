namespace Tandem.Serving.Pipeline;

/// <summary>An item that may be shown.</summary>
/// <param name="Item">Item number of the model.</param>
/// <param name="Score">Score by what proposed it.</param>
/// <param name="Source">What proposed it.</param>
/// <param name="Propensity">Probability with which the policy showed it in its place.</param>
/// <param name="Vector">Number of its feature vector where it was ranked by one; otherwise -1.</param>
internal readonly record struct Candidate(
    int Item, float Score, CandidateSource Source, float Propensity, int Vector = -1);
