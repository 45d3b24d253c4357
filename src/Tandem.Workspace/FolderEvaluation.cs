using Tandem.Events;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Spec;
using Tandem.Training;
using Tandem.Training.Tables;
using Tandem.Workspace.Tables;

namespace Tandem.Workspace;

/// <summary>Judges the models of a file on a folder of data: rows that are examples as they lie in the files; what users did
/// through a raw log, a lake and a training loop of its own, which go away afterwards.</summary>
public static class FolderEvaluation
{
    // What methods for rare positives are compared by: ranking, and then probabilities.
    private static readonly string[] ComparedBy = ["pr_auc", "log_loss", "brier", "ece"];

    /// <summary>Imports, fits and judges.</summary>
    /// <param name="specPath">The system's file; its sources say how to read the data.</param>
    /// <param name="dataFolder">Folder of the files.</param>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="sampledItems">Items drawn for each user to rank the right ones among; 0 ranks all.</param>
    /// <param name="updateShare">Share of the training rows that models are updated with, beside those fitted on all; 0 for
    /// none.</param>
    /// <param name="explainedRow">Of a table: number from 1 of a row that the best model explains; null for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Figures of all baselines and candidates.</returns>
    /// <exception cref="Tandem.Faults.TandemException">WSP099: a row is to be explained, and the rows are no
    /// examples; the file or the data is not valid.</exception>
    public static async Task<EvaluationResult> RunAsync(
        string specPath, string dataFolder, IProgress<(string Step, double Share)> progress,
        int sampledItems = 0, double updateShare = 0, int? explainedRow = null,
        CancellationToken cancellationToken = default)
    {
        var file = SpecFile.Load(specPath, WorkspaceVocabulary.Build());
        if (file.Spec is { IsTabular: true } spec)
        {
            TableEvaluationOptions options = new()
            {
                Folder = Path.GetDirectoryName(Path.GetFullPath(specPath))!,
                Imbalance = [RarePositives.Of(spec)],
                ExplainedRow = explainedRow,
            };
            return (await RunTableAsync(dataFolder, [(spec, options)], progress, cancellationToken).ConfigureAwait(false))[0];
        }

        if (explainedRow is not null)
        {
            throw WorkspaceErrors.NoTableRow(file.Spec!.Name);
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("tandem-evaluate-");
        try
        {
            TandemWorkspace workspace = await TandemWorkspace.OpenAsync(
                new WorkspaceOptions
                {
                    SpecPath = specPath,
                    Store = folder.FullName,
                    Journal = new() { Folder = "log", Durability = Durability.None },
                },
                cancellationToken).ConfigureAwait(false);
            await using (workspace.ConfigureAwait(false))
            {
                await workspace.ImportAsync(dataFolder, progress, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
                return await workspace.EvaluateAsync(
                    progress, sampledItems, updateShare: updateShare, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Judges the model of a table's file, and its rivals, with each of the usual methods for rare positives, on the
    /// same rows.</summary>
    /// <param name="specPath">The system's file; its rows are examples with a binary label.</param>
    /// <param name="dataFolder">Folder of the files.</param>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A line for each model and method; what judges are rows as they are.</returns>
    /// <exception cref="Tandem.Faults.TandemException">WSP098: its rows are no examples with a binary label; the data is not
    /// valid.</exception>
    public static async Task<EvaluationResult> CompareImbalanceAsync(
        string specPath, string dataFolder, IProgress<(string Step, double Share)> progress,
        CancellationToken cancellationToken = default)
    {
        SystemSpec spec = SpecFile.Load(specPath, WorkspaceVocabulary.Build()).Spec!;
        if (!spec.IsTabular || spec.Objective.Task != "binary")
        {
            throw WorkspaceErrors.NothingRare(spec.Objective.Task);
        }

        TableEvaluationOptions options = new()
        {
            Folder = Path.GetDirectoryName(Path.GetFullPath(specPath))!,
            Imbalance = ImbalanceMethods.Compared,
        };
        SystemSpec compared = spec with
        {
            // A map would hide what a method does to probabilities.
            Training = spec.Training with { Calibration = Calibrator.None },
            Evaluation = spec.Evaluation with
            {
                Metrics = ComparedBy,
                Gate = spec.Evaluation.Gate with { Metric = ComparedBy[0] },
            },
        };
        return (await RunTableAsync(dataFolder, [(compared, options)], progress, cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>Judges the models of a table's file in several ways, reading the table once.</summary>
    /// <param name="dataFolder">Folder of the files.</param>
    /// <param name="ways">Systems of the same rows, each with how it is judged.</param>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The figures of each way.</returns>
    internal static Task<IReadOnlyList<EvaluationResult>> RunTableAsync(
        string dataFolder, IReadOnlyList<(SystemSpec Spec, TableEvaluationOptions Options)> ways,
        IProgress<(string Step, double Share)> progress, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            progress.Report(("read the table", 0));
            RowTable table = TableReader.Read(ways[0].Spec, dataFolder, cancellationToken);
            progress.Report(("read the table", 1));
            List<EvaluationResult> results = [];
            foreach ((SystemSpec spec, TableEvaluationOptions options) in ways)
            {
                results.Add(spec.Objective.Treatment is null
                    ? await TableEvaluation.RunAsync(
                        table, spec, ModelCatalogue.Default, options, progress, cancellationToken).ConfigureAwait(false)
                    : TableUplift.Run(table, spec, ModelCatalogue.Default, options, progress, cancellationToken));
            }

            return (IReadOnlyList<EvaluationResult>)results;
        },
        cancellationToken);
}
