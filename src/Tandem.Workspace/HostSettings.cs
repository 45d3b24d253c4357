using System.Globalization;
using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Workspace;

/// <summary>Settings of the machine a system runs on. They are no part of its design, so they stand in
/// <c>tandem.json</c> beside tandem.yaml and in the environment, which has the last word; <c>docs/host.md</c> lists
/// them.</summary>
public static class HostSettings
{
    private const string FileName = "tandem.json";
    private const string Prefix = "TANDEM__";

    private static readonly HostSetting[] All =
    [
        Journal("durability", "fsync, interval or none", static (journal, text) => text switch
        {
            "fsync" => journal with { Durability = Durability.Fsync },
            "interval" => journal with { Durability = Durability.Interval },
            "none" => journal with { Durability = Durability.None },
            _ => null,
        }),
        Journal("flush_interval", "a length of time from 1ms to 1h", static (journal, text) =>
            DurationText.TryRead(text, out TimeSpan time) ? journal with { FlushInterval = time } : null),
        Journal("segment_bytes", "a number of bytes, at least 1024", static (journal, text) =>
            TryRead(text, out long bytes) ? journal with { SegmentBytes = bytes } : null),
        Journal("segment_age", "a length of time from 1s to 3650d", static (journal, text) =>
            DurationText.TryRead(text, out TimeSpan time) ? journal with { SegmentAge = time } : null),
        Journal("queue_length", "a number of appends, at least 1", static (journal, text) =>
            TryRead(text, out long count) ? journal with { QueueLength = checked((int)count) } : null),
        Journal("queue_bytes", "a number of bytes, at least 1", static (journal, text) =>
            TryRead(text, out long bytes) ? journal with { QueueBytes = bytes } : null),
        Journal("remembered_ids", "a number of ids, at least 0", static (journal, text) =>
            TryRead(text, out long count) ? journal with { RememberedIdCount = checked((int)count) } : null),
        new("journal.keep_for", "a length of time, such as 30d", static (options, text) =>
            DurationText.TryRead(text, out TimeSpan age)
                ? options with { Retention = options.Retention with { Age = age } }
                : null),
        new("journal.keep_bytes", "a number of bytes, at least 0", static (options, text) =>
            TryRead(text, out long bytes)
                ? options with { Retention = options.Retention with { Bytes = bytes } }
                : null),
        new("lake.keep_for", "a length of time from 1h, or forever", static (options, text) => text switch
        {
            "forever" => options with { LakeKeepFor = null },
            _ when DurationText.TryRead(text, out TimeSpan time) && time >= TimeSpan.FromHours(1) =>
                options with { LakeKeepFor = time },
            _ => null,
        }),
        new("features.memory_bytes", "a number of bytes, at least 1", static (options, text) =>
            TryRead(text, out long bytes) && bytes > 0 ? options with { FeatureMemoryBytes = bytes } : null),
        new("features.store", "memory, or postgres://user@host:port/database", static (options, text) => options with
        {
            FeatureServer = text == "memory" ? null : text,
        }),
        new("features.password", "a password", static (options, text) => options with { FeaturePassword = text }),
        new("s3.endpoint", "http://host:port", static (options, text) => options with { S3Endpoint = text }),
        new("s3.cache_bytes", "a number of bytes, at least 0", static (options, text) =>
            TryRead(text, out long bytes) ? options with { S3CacheBytes = bytes } : null),
        new("amqp.user", "a name", static (options, text) => options with { AmqpUser = text }),
        new("amqp.password", "a password", static (options, text) => options with { AmqpPassword = text }),
    ];

    /// <summary>Options with the settings of this machine.</summary>
    /// <param name="options">Options that name the system's file.</param>
    /// <param name="environment">Names and values; those that do not begin with <c>TANDEM__</c> and a section are not
    /// ours.</param>
    /// <exception cref="TandemException">WSP030: tandem.json cannot be read; WSP031: a setting is not known; WSP032: it
    /// has a value that it does not take.</exception>
    public static WorkspaceOptions Apply(
        WorkspaceOptions options, IEnumerable<KeyValuePair<string, string>> environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.SpecPath))!, FileName);
        List<Fault> faults = [];
        IEnumerable<Given> given = [.. File.Exists(path) ? FromFile(path) : [], .. FromEnvironment(environment)];
        foreach (Given one in given)
        {
            options = Set(options, one, faults);
        }

        return faults.Count == 0 ? options : throw new TandemException(faults);
    }

    private static HostSetting Journal(
        string key, string expected, Func<FileJournalOptions, string, FileJournalOptions?> set) =>
        new($"journal.{key}", expected, (options, text) =>
            set(options.Journal, text) is { } journal ? options with { Journal = journal } : null);

    private static WorkspaceOptions Set(WorkspaceOptions options, Given given, List<Fault> faults)
    {
        if (All.FirstOrDefault(setting => setting.Name == given.Name) is not { } setting)
        {
            faults.Add(WorkspaceErrors.UnknownSetting(
                given.Place, given.Name, NearestName.Find(given.Name, [.. All.Select(static one => one.Name)])));
            return options;
        }

        try
        {
            if (setting.Set(options, given.Text) is { } changed)
            {
                return changed;
            }
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            // Out of the range that the fault names.
        }

        faults.Add(WorkspaceErrors.BadSetting(given.Place, given.Name, given.Text, setting.Expected));
        return options;
    }

    private static List<Given> FromFile(string path)
    {
        try
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. file.RootElement.EnumerateObject().SelectMany(section => section.Value.EnumerateObject()
                .Select(value => new Given($"{section.Name}.{value.Name}", value.Value.ToString(), path)))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException)
        {
            throw WorkspaceErrors.SettingsNotReadable(path, e);
        }
    }

    private static IEnumerable<Given> FromEnvironment(IEnumerable<KeyValuePair<string, string>> environment) =>
        from pair in environment
        where pair.Key.StartsWith(Prefix, StringComparison.Ordinal)
        let name = pair.Key[Prefix.Length..].ToLowerInvariant().Replace("__", ".", StringComparison.Ordinal)
        where All.Any(setting => name.StartsWith(setting.Section + ".", StringComparison.Ordinal))
        select new Given(name, pair.Value, pair.Key);

    private static bool TryRead(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>A setting that there is.</summary>
    /// <param name="Name">Section and key.</param>
    /// <param name="Expected">What it takes, in words.</param>
    /// <param name="Set">Gives the options with the value, or null where the text is none.</param>
    private sealed record HostSetting(
        string Name, string Expected, Func<WorkspaceOptions, string, WorkspaceOptions?> Set)
    {
        public string Section => Name[..Name.IndexOf('.', StringComparison.Ordinal)];
    }

    /// <summary>A value that somebody gave.</summary>
    /// <param name="Name">Section and key.</param>
    /// <param name="Text">The value.</param>
    /// <param name="Place">The file or the variable it stands in.</param>
    private readonly record struct Given(string Name, string Text, string Place);
}
