using Tandem.Events;

namespace Tandem.Workspace;

/// <summary>Where a system is, and how this process runs it.</summary>
public sealed record WorkspaceOptions
{
    /// <summary>The system's file; default <c>tandem.yaml</c>.</summary>
    public string SpecPath { get; init; } = "tandem.yaml";

    /// <summary>Folder for everything durable, or <c>s3://bucket/prefix</c>; null takes what the file says, relative to
    /// the file.</summary>
    public string? Store { get; init; }

    /// <summary>S3 server of one's own, <c>http://host:port</c>; null takes Amazon's. Default null.</summary>
    public string? S3Endpoint { get; init; }

    /// <summary>Bytes of objects in S3 that are kept on this machine, at least 0. Default 10 GiB.</summary>
    public long S3CacheBytes { get; init; } = 10L << 30;

    /// <summary>Who logs in to the broker of the raw log; null takes what its address says. Default null.</summary>
    public string? AmqpUser { get; init; }

    /// <summary>Their password; null takes what the address says. Default null.</summary>
    public string? AmqpPassword { get; init; }

    /// <summary>Tenant whose data this is; default "default".</summary>
    public string Tenant { get; init; } = "default";

    /// <summary>True to open without the right to append: another process may be writing. Default false.</summary>
    public bool IsReader { get; init; }

    /// <summary>Settings of the raw log. Its folder is the workspace's to choose: what is named here is not
    /// used.</summary>
    public FileJournalOptions Journal { get; init; } = new() { Folder = "log" };

    /// <summary>How much of the raw log stays once the lake and all readers have it; by default all of it.</summary>
    public JournalRetention Retention { get; init; } = new();

    /// <summary>Bytes of memory that the series of the online features may take, above zero. Default without
    /// limit.</summary>
    public long FeatureMemoryBytes { get; init; } = long.MaxValue;

    /// <summary>PostgreSQL database that holds the online features, <c>postgres://user@host:port/database</c>; null holds
    /// them in this process. Default null.</summary>
    public string? FeatureServer { get; init; }

    /// <summary>Its user's password; null takes what the address says. Default null.</summary>
    public string? FeaturePassword { get; init; }

    /// <summary>How long a question waits for it before it fails, above zero. Default 1 s.</summary>
    public TimeSpan FeaturePatience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Threads for training and for the lake, at least 1; default all processors.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;

    /// <summary>Tells the time; default the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Time between two compactions of the raw log while the loops run; default 15 minutes.</summary>
    public TimeSpan CompactEvery { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How far back the lake stays readable while the loops run, at least an hour: once a day they remove older
    /// manifests and what only those named, but never what a training set or model version names. Null keeps all of
    /// them. Default 30 days.</summary>
    public TimeSpan? LakeKeepFor { get; init; } = TimeSpan.FromDays(30);
}
