using Tandem.Events;
using Tandem.Learning;

namespace Tandem.Workspace;

/// <summary>Judges the models of a file on a folder of data: through a raw log, a lake and a training loop of its own,
/// which go away afterwards.</summary>
public static class FolderEvaluation
{
    /// <summary>Imports, fits and judges.</summary>
    /// <param name="specPath">The system's file; its sources say how to read the data.</param>
    /// <param name="dataFolder">Folder of the files.</param>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="sampledItems">Items drawn for each user to rank the right ones among; 0 ranks all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Figures of all baselines and candidates.</returns>
    /// <exception cref="Tandem.Faults.TandemException">The file or the data is not valid.</exception>
    public static async Task<EvaluationResult> RunAsync(
        string specPath, string dataFolder, IProgress<(string Step, double Share)> progress,
        int sampledItems = 0, CancellationToken cancellationToken = default)
    {
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
                return await workspace.EvaluateAsync(progress, sampledItems, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
