using Tandem.Learning;
using Tandem.Spec;
using Tandem.Training;
using Tandem.Training.Tables;

namespace Tandem.Workspace.Published;

/// <summary>Published results of models of rows: by the protocol of the example, and, with names that say so, by
/// another.</summary>
internal static class PublishedRows
{
    /// <summary>What the names of models end in that are judged on the last fifth of the rows.</summary>
    public const string ByTime = " by time";

    private const double LastShare = 0.2;

    /// <summary>Fits and judges.</summary>
    /// <param name="spec">The example.</param>
    /// <param name="folder">Folder of the data.</param>
    /// <param name="isByTimeToo">True to judge on the last fifth of the rows, too, with what moved until then.</param>
    /// <param name="isPointwiseToo">True to fit grades one by one, too.</param>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<EvaluationResult> ReproduceAsync(
        SystemSpec spec, string folder, bool isByTimeToo, bool isPointwiseToo,
        IProgress<(string Step, double Share)> progress, CancellationToken cancellationToken)
    {
        TableEvaluationOptions options = new()
        {
            Imbalance = [RarePositives.Of(spec)],
            AlsoPointwise = isPointwiseToo,
        };
        SystemSpec later = spec with
        {
            Training = spec.Training with { Split = new SplitSpec { By = SplitSpec.Time, Share = LastShare } },
        };
        IReadOnlyList<EvaluationResult> found = await FolderEvaluation.RunTableAsync(
            folder, [(spec, options), .. isByTimeToo ? [(later, options with { Suffix = ByTime })] : Array.Empty<(SystemSpec, TableEvaluationOptions)>()],
            progress, cancellationToken).ConfigureAwait(false);
        return found[0] with
        {
            Models = [.. found.SelectMany(static each => each.Models)],
            Checks =
            [
                .. found[0].Checks ?? [],
                .. found.Skip(1).SelectMany(static each => each.Checks ?? [])
                    .Select(static check => check with { Words = "By time: " + check.Words }),
            ],
        };
    }
}
