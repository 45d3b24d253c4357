using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Events;
using Tandem.Storage;

namespace Tandem.Features;

/// <summary>The online store at one place of the log, as it was saved: what a snapshot says about itself.</summary>
public sealed record FeatureSnapshot
{
    private const string Folder = "online/";
    private const string Extension = ".snapshot";

    /// <summary>Everything in the log before this offset is in it.</summary>
    public required long AppliedUntil { get; init; }

    /// <summary>Newest known time of an event in it, microseconds since 1970.</summary>
    public required long NewestKnown { get; init; }

    /// <summary>Newest event time of each source that views read, microseconds since 1970; the smallest number where
    /// there was none.</summary>
    public required IReadOnlyDictionary<string, long> NewestEvents { get; init; }

    /// <summary>How far before <see cref="NewestKnown"/> it answers exactly, in microseconds.</summary>
    public required long LookBack { get; init; }

    /// <summary>Events in it, whether kept or only added up.</summary>
    public required long Events { get; init; }

    /// <summary>Series in it.</summary>
    public required long Series { get; init; }

    /// <summary>Definition version of each view, by name.</summary>
    public required IReadOnlyDictionary<string, string> Views { get; init; }

    /// <summary>Entities whose ids it holds, in order.</summary>
    public required IReadOnlyList<string> Entities { get; init; }

    /// <summary>What each shelf of series behind the ids keeps, in order: <c>sha256:…</c> of its plan.</summary>
    public required IReadOnlyList<string> Plans { get; init; }

    /// <summary>Newest event time that the features of a view have seen; null where they saw none, or where their source
    /// has no times.</summary>
    /// <param name="view">The view.</param>
    public DateTimeOffset? NewestEvent(FeatureView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return NewestEvents.TryGetValue(view.Source, out long newest) && newest != long.MinValue
            && view.SourceSpec.HasTimes
            ? Evaluation.Micros.Moment(newest)
            : null;
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static FeatureSnapshot Read(string json) =>
        JsonSerializer.Deserialize(json, FeatureSnapshotJson.Default.FeatureSnapshot)
        ?? throw new JsonException("It is null.");

    /// <summary>Writes it as one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, FeatureSnapshotJson.Default.FeatureSnapshot);

    /// <summary>Deletes every snapshot, as where a person in them is to be forgotten: a store that starts then is
    /// filled from the lake.</summary>
    /// <param name="store">Where features are kept.</param>
    /// <param name="cancellationToken">Stops between two.</param>
    public static Task DeleteAllAsync(IObjectStore store, CancellationToken cancellationToken = default) =>
        DeleteAllButAsync(store, 0, cancellationToken);

    /// <summary>Deletes all but the newest few.</summary>
    internal static async Task DeleteAllButAsync(IObjectStore store, int kept, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> keys = await KeysAsync(store, cancellationToken).ConfigureAwait(false);
        foreach (string key in keys.Skip(kept))
        {
            await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Names of the snapshots, newest first.</summary>
    internal static async Task<IReadOnlyList<string>> KeysAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        List<string> keys = [];
        await foreach (ObjectEntry entry in store.ListAsync(Folder, cancellationToken).ConfigureAwait(false))
        {
            if (entry.Key.EndsWith(Extension, StringComparison.Ordinal))
            {
                keys.Add(entry.Key);
            }
        }

        keys.Reverse();
        return keys;
    }

    /// <summary>Name of the snapshot at a place; names sort as places do.</summary>
    internal static string Key(JournalPosition position) =>
        string.Create(CultureInfo.InvariantCulture, $"{Folder}{position.Offset:D20}{Extension}");
}

/// <summary>Generated JSON code of snapshots.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FeatureSnapshot))]
internal sealed partial class FeatureSnapshotJson : JsonSerializerContext;
