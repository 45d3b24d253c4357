using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    /// <summary>The folder of a system's raw log, for those who look at it without opening the system.</summary>
    /// <param name="options">Where the system is.</param>
    /// <exception cref="Faults.TandemException">SPC codes: the file is not valid.</exception>
    public static string LogFolder(WorkspaceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var file = SpecFile.Load(options.SpecPath, WorkspaceVocabulary.Build());
        var location = StoreLocation.Of(options, file.Spec!);
        return Path.Combine(location.LocalFolder, new StoreLayout(options.Tenant).Log);
    }
}
