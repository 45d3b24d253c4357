using Tandem.Learning;

namespace Tandem.Training.Ranking;

/// <summary>What training a ranking model came to.</summary>
/// <param name="Report">How it compares.</param>
/// <param name="Model">The model, fitted on everything; null where it is not kept.</param>
/// <param name="Pipeline">Judgement of the candidate as it would serve, retrieval ordered by the model where it is kept;
/// null where nothing could be judged.</param>
/// <param name="Reference">Judgement of the champion as it serves, or of the baseline, on the same lists; null where there
/// is neither.</param>
internal sealed record RankOutcome(RankReport Report, RowModel? Model, Judgement? Pipeline, Judgement? Reference);
