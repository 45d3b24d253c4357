using Tandem.Learning;
using Tandem.Learning.Nearest;
using Tandem.Storage;

namespace Tandem.Training;

/// <summary>What a training loop needs to know beside the system's file.</summary>
public sealed record TrainingLoopOptions
{
    /// <summary>Hash of the system's file.</summary>
    public required string SpecHash { get; init; }

    /// <summary>The system's file itself: a version whose model reads features keeps it, so that their definitions can be
    /// computed as long as it may serve.</summary>
    public string SpecText { get; init; } = "";

    /// <summary>The folder of the system's file: files that it names lie there.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Version of the code.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>Where a search of settings keeps what it tried until it is finished; null keeps nothing.</summary>
    public IObjectStore? Searches { get; init; }

    /// <summary>Builds the index that a model's items are served by, to be kept with its version; gives null where there is none.
    /// Null keeps none.</summary>
    public Func<IItemScorer, CancellationToken, NearestIndex?>? Index { get; init; }

    /// <summary>Threads to use, at least 1; default all processors. Changes no figure and no byte.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;

    /// <summary>Says whether the process answers requests now: then one of the threads is left to them. Null never
    /// does.</summary>
    public Func<bool>? IsShared { get; init; }

    /// <summary>Threads to use at this moment.</summary>
    internal int ThreadsNow => Math.Max(1, ThreadCount - (IsShared?.Invoke() == true ? 1 : 0));
}
