using System.Text;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>Real impressions of a window: who was shown what in which request, when, and whether it became a positive
/// of the same request within the label's window.</summary>
/// <remarks>An event answers the newest impression of its item and request that is not after it; an impression is a
/// positive by the first event that answers it, however many follow.</remarks>
internal sealed class ShownRows
{
    private const int FirstSaid = 5;

    private readonly Dictionary<(string Request, string Item), int> _rows = [];
    private readonly List<string> _users = [];
    private readonly List<string> _items = [];
    private readonly List<long> _times = [];
    private readonly List<int> _requests = [];
    private readonly List<int> _earlier = [];
    private readonly List<long> _places = [];
    private readonly string _user;
    private readonly string _item;
    private readonly long _window;
    private readonly RequestRows? _said;
    private long[] _labelTimes = [];
    private string[] _parts = [];

    private ShownRows(SystemSpec spec, FeatureSet? features)
    {
        _said = features is null ? null : new RequestRows(features);
        SourceSpec source = spec.Sources[spec.Objective.Label.Event];
        _window = (long)spec.Objective.Label.Window.TotalMicroseconds;
        _user = source.Entities[0];
        _item = source.Entities[^1];
    }

    /// <summary>Number of impressions.</summary>
    public int Count => _times.Count;

    /// <summary>Impressions left out because the time for their label was not over.</summary>
    public long Immature { get; private set; }

    /// <summary>When each row's label happened, microseconds since 1970; <see cref="long.MaxValue"/> for a
    /// negative.</summary>
    public IReadOnlyList<long> LabelTimes => _labelTimes;

    /// <summary>Number of the request that each row belongs to.</summary>
    public IReadOnlyList<int> Requests => _requests;

    /// <summary>Reads a window, whatever labels are still to come. Where it holds more than a number of rows, whole
    /// requests are left out by hash.</summary>
    public static ShownRows Read(
        LakeSnapshot snapshot, SystemSpec spec, DateTimeOffset from, DateTimeOffset to, int maximumRows,
        CancellationToken cancellationToken)
    {
        ShownRows shown = new(spec, features: null);
        shown.Read(
            snapshot, spec,
            new LabelledSetRequest { From = from, To = to, AsOf = to, MaximumRows = maximumRows }, long.MaxValue,
            cancellationToken);
        return shown;
    }

    /// <summary>Reads the impressions of a window whose time for a label was over, with how far in the log their answers
    /// had seen, and divides them as the split by time says.</summary>
    public static ShownRows ReadMature(
        LakeSnapshot snapshot, SystemSpec spec, FeatureSet features, LabelledSetRequest request,
        CancellationToken cancellationToken)
    {
        ShownRows shown = new(spec, features);
        shown.Read(
            snapshot, spec, request,
            request.KeepImmature ? long.MaxValue : LakeTime.ToMicros(request.AsOf) - shown._window, cancellationToken);
        if (spec.Training.Split is { By: "time" } split)
        {
            long test = LakeTime.ToMicros(request.To - split.Test);
            long gap = LakeTime.ToMicros(request.To - split.Test - split.Gap);
            shown._parts =
            [
                .. shown._times.Select(time =>
                    time >= test ? LabelledSet.TestPart : time >= gap ? "gap" : LabelledSet.TrainPart),
            ];
        }

        return shown;
    }

    /// <summary>The rows as the spine of a training set.</summary>
    public Spine ToSpine() => new()
    {
        Entities = [_user, _item],
        Ids = [[.. _users], [.. _items]],
        Times = [.. _times],
        Labels = [.. _labelTimes.Select(static time => time == long.MaxValue ? 0f : 1f)],
        Parts = _parts,
        Request = _said?.ToColumns() ?? new Dictionary<string, RequestColumn>(StringComparer.Ordinal),
        SeenUntil = _places.Exists(static place => place != long.MaxValue) ? [.. _places] : [],
    };

    /// <summary>The rows as lists to judge models on, by user; users that nobody knows are left out.</summary>
    public ShownLists ToLists(EntityIndex users, EntityIndex items)
    {
        int[] known = [.. _users.Select(id => users.Find(id))];
        int[] order =
        [
            .. Enumerable.Range(0, Count).Where(row => known[row] >= 0)
                .OrderBy(row => known[row]).ThenBy(row => _requests[row]),
        ];
        List<int> listUsers = [];
        List<int> starts = [];
        for (int i = 0; i < order.Length; i++)
        {
            if (i == 0 || _requests[order[i]] != _requests[order[i - 1]])
            {
                listUsers.Add(known[order[i]]);
                starts.Add(i);
            }
        }

        starts.Add(order.Length);
        return new ShownLists
        {
            Users = [.. listUsers],
            Starts = [.. starts],
            Items = [.. order.Select(row => items.Find(_items[row]))],
            Chosen = [.. order.Select(row => _labelTimes[row] != long.MaxValue)],
        };
    }

    private void Read(
        LakeSnapshot snapshot, SystemSpec spec, LabelledSetRequest request, long matureBefore,
        CancellationToken cancellationToken)
    {
        LabelSpec label = spec.Objective.Label;
        LakeQuery query = new()
        {
            Table = label.Impression!,
            From = request.From,
            To = request.To,
            KnownUntil = request.AsOf,
        };
        long total = CountRows(snapshot, query, cancellationToken);
        ulong keepEvery = (ulong)Math.Max(1, (total + request.MaximumRows - 1) / request.MaximumRows);
        ReadImpressions(snapshot, query, keepEvery, matureBefore, cancellationToken);
        _labelTimes = new long[Count];
        Array.Fill(_labelTimes, long.MaxValue);
        IReadOnlyList<ConditionSpec?> conditions = label.AnyOf;
        if (conditions.Count == 0)
        {
            conditions = [null];
        }

        foreach (ConditionSpec? condition in conditions)
        {
            ReadPositives(
                snapshot,
                query with
                {
                    Table = label.Event,
                    To = request.To + label.Window + TimeSpan.FromMicroseconds(1),
                    Where = condition is null ? [] : [LakeFilter.Of(condition.Column, condition.Operator, condition.Value)],
                },
                cancellationToken);
        }
    }

    private void ReadImpressions(
        LakeSnapshot snapshot, LakeQuery query, ulong keepEvery, long matureBefore, CancellationToken cancellationToken)
    {
        Dictionary<string, int> requests = new(StringComparer.Ordinal);
        using LakeReader reader = snapshot.Scan(
            query with
            {
                Columns =
                [
                    _user, _item, LakeEnvelope.EventTime, LakeEnvelope.RequestId,
                    .. _said is null ? [] : (string[])[LakeEnvelope.Features], .. _said?.Columns ?? [],
                ],
                OrderBy = [LakeEnvelope.EventTime, LakeEnvelope.LogPosition],
            },
            cancellationToken);
        while (reader.Read())
        {
            ReadOnlySpan<long> moments = reader.TimesMicros(2);
            for (int row = 0; row < reader.RowCount; row++)
            {
                if (reader.IsNull(0, row) || reader.IsNull(3, row)
                    || KeyHash.Of(reader.Utf8(3, row)) % keepEvery != 0)
                {
                    continue;
                }

                // The event may still come until the window's last moment, which belongs to it.
                if (moments[row] >= matureBefore)
                {
                    Immature++;
                    continue;
                }

                string request = Text(reader, 3, row);
                string item = Text(reader, 1, row);
                if (!requests.TryGetValue(request, out int number))
                {
                    number = requests.Count;
                    requests.Add(request, number);
                }

                _earlier.Add(_rows.GetValueOrDefault((request, item), -1));
                _rows[(request, item)] = Count;
                _users.Add(Text(reader, 0, row));
                _items.Add(item);
                _times.Add(moments[row]);
                _requests.Add(number);
                _said?.Add(reader, FirstSaid, row);
                if (_said is not null)
                {
                    _places.Add(
                        ServedFeatures.Read(reader.IsNull(4, row) ? default : reader.Utf8(4, row)).SeenUntil?.Offset
                        ?? long.MaxValue);
                }
            }
        }
    }

    private void ReadPositives(LakeSnapshot snapshot, LakeQuery query, CancellationToken cancellationToken)
    {
        using LakeReader reader = snapshot.Scan(
            query with { Columns = [_item, LakeEnvelope.EventTime, LakeEnvelope.RequestId] }, cancellationToken);
        while (reader.Read())
        {
            ReadOnlySpan<long> moments = reader.TimesMicros(1);
            for (int row = 0; row < reader.RowCount; row++)
            {
                if (!reader.IsNull(2, row)
                    && _rows.TryGetValue((Text(reader, 2, row), Text(reader, 0, row)), out int at))
                {
                    Label(at, moments[row]);
                }
            }
        }
    }

    /// <summary>Gives an event to the newest of an item's impressions that is not after it.</summary>
    private void Label(int at, long moment)
    {
        while (at >= 0 && _times[at] > moment)
        {
            at = _earlier[at];
        }

        if (at >= 0 && moment - _times[at] <= _window)
        {
            _labelTimes[at] = Math.Min(_labelTimes[at], moment);
        }
    }

    private static long CountRows(LakeSnapshot snapshot, LakeQuery query, CancellationToken cancellationToken)
    {
        long count = 0;
        using LakeReader reader = snapshot.Scan(query with { Columns = [LakeEnvelope.LogPosition] }, cancellationToken);
        while (reader.Read())
        {
            count += reader.RowCount;
        }

        return count;
    }

    private static string Text(LakeReader reader, int column, int row) =>
        Encoding.UTF8.GetString(reader.Utf8(column, row));
}
