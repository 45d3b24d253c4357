namespace Tandem.Features.Evaluation;

/// <summary>Where a series lies in a <see cref="ColdFile"/>.</summary>
internal sealed record ColdPlace(long Offset, int Length);
