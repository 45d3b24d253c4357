namespace Tandem.Workspace;

/// <summary>The whole system at one moment: what the studio's picture of the two loops shows.</summary>
/// <param name="Name">Name of the system.</param>
/// <param name="Time">When this was read, by the workspace's clock.</param>
/// <param name="Phase">What it is doing, in a few words: <c>serving</c>, <c>training</c>, <c>compacting</c>.</param>
/// <param name="Log">The raw log.</param>
/// <param name="Lake">The lake.</param>
/// <param name="Features">The feature store.</param>
/// <param name="Training">The training loop.</param>
/// <param name="Registry">The model registry.</param>
/// <param name="Serving">The prediction service.</param>
/// <param name="Monitoring">The monitors.</param>
/// <param name="Problem">The newest failure in the background, until the same job succeeds; null where all is well.</param>
public sealed record WorkspaceSnapshot(
    string Name,
    DateTimeOffset Time,
    string Phase,
    LogSnapshot Log,
    LakeNumbers Lake,
    FeatureNumbers Features,
    TrainingNumbers Training,
    RegistryNumbers Registry,
    ServingNumbers Serving,
    MonitoringNumbers Monitoring,
    ProblemNumbers? Problem);

/// <summary>A failure in the background.</summary>
/// <param name="Job">What failed.</param>
/// <param name="Message">Code, what happened, what to do.</param>
/// <param name="Time">When.</param>
public sealed record ProblemNumbers(string Job, string Message, DateTimeOffset Time);

/// <summary>The raw log in numbers.</summary>
/// <param name="Events">Events appended since the workspace opened.</param>
/// <param name="EndPosition">End of the durable log.</param>
/// <param name="EventsPerSecond">Rate over the last seconds.</param>
/// <param name="BeginPosition">First position that is kept.</param>
/// <param name="HeldBytes">Bytes that retention gives up and that stay for a reader that has not read them; as of the
/// newest trim.</param>
/// <param name="HeldBy">The named reader they stay for, or null.</param>
public sealed record LogSnapshot(
    long Events, long EndPosition, double EventsPerSecond, long BeginPosition, long HeldBytes, string? HeldBy);

/// <summary>The lake in numbers.</summary>
/// <param name="Rows">Rows in all tables.</param>
/// <param name="Files">Parquet files.</param>
/// <param name="Manifest">Number of the newest manifest, 0 before the first.</param>
/// <param name="Bytes">Bytes of all files.</param>
public sealed record LakeNumbers(long Rows, int Files, long Manifest, long Bytes);

/// <summary>The feature store in numbers.</summary>
/// <param name="Views">Feature views.</param>
/// <param name="Features">Features in all views.</param>
/// <param name="TrainingSet">Hash of the newest training set, or null.</param>
/// <param name="Entities">Entities held online.</param>
/// <param name="Where">Where the online features are: <c>memory</c> or <c>PostgreSQL</c>.</param>
/// <param name="MemoryBytes">Bytes of memory that their series take, about.</param>
/// <param name="MemoryLimit">Bytes that they may take; 0 for no limit.</param>
/// <param name="DiskBytes">Bytes of the local file that holds the others.</param>
/// <param name="Hits">Reads and events that met their series in memory.</param>
/// <param name="Misses">Reads and events that had to unpack it.</param>
/// <param name="Evictions">Series that went to the disk.</param>
/// <param name="FreshnessP50Milliseconds">Median time from the append of an event until features know it.</param>
/// <param name="FreshnessP99Milliseconds">99th percentile of that time.</param>
public sealed record FeatureNumbers(
    int Views, int Features, string? TrainingSet, long Entities, string Where, long MemoryBytes, long MemoryLimit,
    long DiskBytes, long Hits, long Misses, long Evictions, double FreshnessP50Milliseconds,
    double FreshnessP99Milliseconds);

/// <summary>The training loop in numbers.</summary>
/// <param name="State"><c>idle</c>, or the step it is at.</param>
/// <param name="LastRun">The newest finished run, or null.</param>
public sealed record TrainingNumbers(string State, RunNumbers? LastRun);

/// <summary>One training run in numbers.</summary>
/// <param name="Id">Identity of the run.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Rows">Interactions it read.</param>
/// <param name="Metric">Metric of the gate.</param>
/// <param name="Value">Its value for the best model.</param>
/// <param name="Promoted">True where the new version became champion.</param>
/// <param name="Reason">Why it was promoted or refused.</param>
public sealed record RunNumbers(
    string Id, double Seconds, long Rows, string Metric, double Value, bool Promoted, string Reason);

/// <summary>The registry in numbers.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Versions">Versions registered.</param>
/// <param name="Champion">Version that serves, or null.</param>
/// <param name="Kind">Its kind, or null.</param>
public sealed record RegistryNumbers(string Model, int Versions, int? Champion, string? Kind);

/// <summary>The prediction service in numbers.</summary>
/// <param name="ModelVersion">Version that answers, or null.</param>
/// <param name="Requests">Requests answered since start.</param>
/// <param name="RequestsPerSecond">Rate over the last seconds.</param>
/// <param name="P50Milliseconds">Median time to answer.</param>
/// <param name="P99Milliseconds">99th percentile of the time to answer.</param>
/// <param name="Fallbacks">Answers that needed the fallback.</param>
/// <param name="Errors">Requests that failed for our fault.</param>
/// <param name="Index">Kind of the index that finds candidates, as in tandem.yaml, or null where all items are
/// scored.</param>
/// <param name="IndexRecall">Share of the true best candidates that it found, over a sample of the requests, 0 to 1; null
/// before the first.</param>
/// <param name="IndexQuestions">Requests of that sample.</param>
public sealed record ServingNumbers(
    string? ModelVersion, long Requests, double RequestsPerSecond, double P50Milliseconds, double P99Milliseconds,
    long Fallbacks, long Errors, string? Index, double? IndexRecall, long IndexQuestions);

/// <summary>The monitors in numbers.</summary>
/// <param name="Reports">Drift reports written.</param>
/// <param name="Alerts">Alerts raised.</param>
/// <param name="LastVerdict">The newest report in a few words, or null.</param>
/// <param name="ErrorRate">Mean of the detector's window of realised errors, 0 to 1, or null before the first.</param>
/// <param name="Detections">Concept drifts detected.</param>
/// <param name="LastSkew">The newest skew report in a few words, or null.</param>
/// <param name="Mismatched">Values of that report that differ between serving and training; the target is 0.</param>
public sealed record MonitoringNumbers(
    int Reports, int Alerts, string? LastVerdict, double? ErrorRate, int Detections, string? LastSkew,
    long? Mismatched);
