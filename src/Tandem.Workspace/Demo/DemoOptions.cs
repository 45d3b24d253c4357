namespace Tandem.Workspace.Demo;

/// <summary>Settings of the demonstration.</summary>
public sealed record DemoOptions
{
    /// <summary>Folder for the system and its store; made where there is none.</summary>
    public required string Folder { get; init; }

    /// <summary>Where its store is, and this machine's settings; file, clock, threads and cadence are the demo's to choose.
    /// Default: a folder in <see cref="Folder"/>.</summary>
    public WorkspaceOptions Workspace { get; init; } = new();

    /// <summary>The system's file, for sources like those of the template <c>video</c>; null writes that template.</summary>
    public string? SpecPath { get; init; }

    /// <summary>Size of the world: 1 is 20,000 users, 30,000 videos and about 2M events; 0.02 to 10.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Seed of the world and of training.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads for training and for the lake, at least 1; default all processors.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;

    /// <summary>Visits served at the same time on a live day, at least 1; default 8.</summary>
    public int ConcurrentVisits { get; init; } = 8;
}
