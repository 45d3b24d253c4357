namespace Tandem.Testing;

/// <summary>Finds the project's root, and the reference data that lies beside it on some machines.</summary>
internal static class SharedData
{
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of reference data, or null where this machine has none.</summary>
    public static string? Folder { get; } =
        Directory.Exists(Path.Combine(Root, "..", "shared")) ? Path.GetFullPath(Path.Combine(Root, "..", "shared")) : null;

    public static string Find(string relative) =>
        Path.Combine(Folder ?? throw new InvalidOperationException("No reference data here."), relative);

    private static string FindRoot()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "Tandem.slnx")))
        {
            at = Path.GetDirectoryName(at);
        }

        return at ?? throw new InvalidOperationException("Tests run from a folder below Tandem.slnx.");
    }
}

/// <summary>A test that needs the reference data: skipped, visibly, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute()
    {
        if (SharedData.Folder is null)
        {
            Skip = "The reference data folder 'shared' is not beside the project on this machine.";
        }
    }
}
