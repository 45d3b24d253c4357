using System.Text;
using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>Logged answers of a window, sampled by key, with the same features computed again: as of the same moments,
/// from the events that the answers had seen.</summary>
/// <remarks>A key is whoever acts, so that a sampled person's answers are all there. An answer to nobody goes by the
/// item.</remarks>
public sealed class ServedSample
{
    private const long Buckets = 100_000;
    private const int FirstSaid = 5;

    private readonly string _definitions;
    private readonly string _user;
    private readonly string _item;
    private readonly FeatureSet _set;
    private readonly RequestRows _said;
    private readonly long _keptBuckets;
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly List<string> _events = [];
    private readonly List<string> _users = [];
    private readonly List<string> _items = [];
    private readonly List<long> _times = [];
    private readonly List<long> _seenUntil = [];
    private readonly List<float[]> _values = [];

    private ServedSample(SystemSpec spec, IReadOnlyList<FeatureView> views, double share)
    {
        SourceSpec source = spec.Sources[spec.Objective.Label.Event];
        _user = source.Entities[0];
        _item = source.Entities[^1];
        _definitions = FeatureSet.Create(views).Definitions;
        _set = LabelledSet.FeaturesOf(spec, views);
        _said = new RequestRows(_set);
        _keptBuckets = (long)Math.Ceiling(share * Buckets);
    }

    /// <summary>Names of the features, in order of the columns.</summary>
    public IReadOnlyList<string> Features => _set.Names;

    /// <summary>Id of the event that logged each row, in the order of the log.</summary>
    public IReadOnlyList<string> Events => _events;

    /// <summary>Moments of the rows, microseconds since 1970.</summary>
    public IReadOnlyList<long> Times => _times;

    /// <summary>Sampled keys.</summary>
    public int Keys => _keys.Count;

    /// <summary>Rows of sampled keys that were logged under other definitions, or do not say how much of the log they had
    /// seen.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Values as served, shape (rows, features), row-major; NaN is null.</summary>
    public float[] Served => [.. _values.SelectMany(static values => values)];

    /// <summary>Values as computed again from the lake, in the same shape.</summary>
    public float[] Rebuilt { get; private set; } = [];

    /// <summary>Reads a sample and computes its features again.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="spec">The system; its label names the source of impressions.</param>
    /// <param name="views">Its features.</param>
    /// <param name="from">Start of the window, inclusive.</param>
    /// <param name="to">Its end, exclusive.</param>
    /// <param name="share">Share of the keys, in (0, 1].</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<ServedSample> ReadAsync(
        LakeSnapshot snapshot, SystemSpec spec, IReadOnlyList<FeatureView> views, DateTimeOffset from,
        DateTimeOffset to, double share, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        ServedSample sample = new(spec, views, share);
        await Task.Run(
            () => sample.Read(snapshot, spec.Objective.Label.Impression!, from, to, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        Spine spine = new()
        {
            Entities = [sample._user, sample._item],
            Ids = [[.. sample._users], [.. sample._items]],
            Times = [.. sample._times],
            SeenUntil = [.. sample._seenUntil],
            Request = sample._said.ToColumns(),
        };
        TrainingSet rebuilt = await TrainingSetBuilder.BuildAsync(
            snapshot, spine, sample._set, to, cancellationToken: cancellationToken).ConfigureAwait(false);
        sample.Rebuilt = rebuilt.Values;
        return sample;
    }

    /// <summary>Whom a row is about, as <c>entity=id</c>.</summary>
    /// <param name="row">The row.</param>
    public string About(int row) => _users[row].Length == 0
        ? $"{_item}={_items[row]}"
        : $"{_user}={_users[row]} {_item}={_items[row]}";

    private void Read(
        LakeSnapshot snapshot, string impression, DateTimeOffset from, DateTimeOffset to,
        CancellationToken cancellationToken)
    {
        using LakeReader reader = snapshot.Scan(
            new LakeQuery
            {
                Table = impression,
                Columns =
                [
                    LakeEnvelope.EventId, _user, _item, LakeEnvelope.EventTime, LakeEnvelope.Features, .. _said.Columns,
                ],
                From = from,
                To = to,
                Where = [new LakeFilter(LakeEnvelope.Features, LakeComparison.IsNotNull)],
                OrderBy = [LakeEnvelope.LogPosition],
            },
            cancellationToken);
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                Add(reader, row);
            }
        }
    }

    private void Add(LakeReader reader, int row)
    {
        int key = reader.IsNull(1, row) ? 2 : 1;
        if (reader.IsNull(2, row) || Bucket(reader.Utf8(key, row)) >= _keptBuckets)
        {
            return;
        }

        _keys.Add(Text(reader, key, row));
        ReadOnlySpan<byte> json = reader.Utf8(4, row);
        (string? definitions, JournalPosition? seen) = ServedFeatures.Read(json);
        if (definitions != _definitions || seen is not { } place)
        {
            LeftOut++;
            return;
        }

        float[] values = new float[_set.Count];
        _set.ReadJson(json, values);
        _events.Add(Text(reader, 0, row));
        _users.Add(key == 1 ? Text(reader, 1, row) : "");
        _items.Add(Text(reader, 2, row));
        _times.Add(reader.TimesMicros(3)[row]);
        _seenUntil.Add(place.Offset);
        _values.Add(values);
        _said.Add(reader, FirstSaid, row);
    }

    private static string Text(LakeReader reader, int column, int row) =>
        Encoding.UTF8.GetString(reader.Utf8(column, row));

    private static long Bucket(ReadOnlySpan<byte> key) => (long)(KeyHash.Of(key) % Buckets);
}
