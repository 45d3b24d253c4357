using System.Text;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>Real impressions of a window: who was shown what in which request, when, and whether it became a positive
/// of the same request within the label's window.</summary>
internal sealed class ShownRows
{
    private readonly Dictionary<(string Request, string Item), int> _rows = [];
    private readonly List<string> _users = [];
    private readonly List<string> _items = [];
    private readonly List<long> _times = [];
    private readonly List<int> _requests = [];
    private readonly string _user;
    private readonly string _item;
    private float[] _labels = [];

    private ShownRows(SourceSpec source)
    {
        _user = source.Entities[0];
        _item = source.Entities[^1];
    }

    /// <summary>Number of impressions.</summary>
    public int Count => _times.Count;

    /// <summary>Reads a window. Where it holds more than a number of rows, whole requests are left out by
    /// hash.</summary>
    public static ShownRows Read(
        LakeSnapshot snapshot, SystemSpec spec, DateTimeOffset from, DateTimeOffset to, int maximumRows,
        CancellationToken cancellationToken)
    {
        LabelSpec label = spec.Objective.Label;
        ShownRows shown = new(spec.Sources[label.Event]);
        LakeQuery query = new() { Table = label.Impression!, From = from, To = to, KnownUntil = to };
        long total = CountRows(snapshot, query, cancellationToken);
        shown.ReadImpressions(
            snapshot, query, (ulong)Math.Max(1, (total + maximumRows - 1) / maximumRows), cancellationToken);
        shown._labels = new float[shown.Count];
        IReadOnlyList<ConditionSpec?> conditions = label.AnyOf;
        if (conditions.Count == 0)
        {
            conditions = [null];
        }

        foreach (ConditionSpec? condition in conditions)
        {
            shown.ReadPositives(
                snapshot, query with { Table = label.Event, Where = condition is null ? [] : [FilterOf(condition)] },
                label.Window, cancellationToken);
        }

        return shown;
    }

    /// <summary>The rows as the spine of a training set.</summary>
    public Spine ToSpine() => new()
    {
        Entities = [_user, _item],
        Ids = [[.. _users], [.. _items]],
        Times = [.. _times],
        Labels = _labels,
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
            Chosen = [.. order.Select(row => _labels[row] > 0)],
        };
    }

    private void ReadImpressions(
        LakeSnapshot snapshot, LakeQuery query, ulong keepEvery, CancellationToken cancellationToken)
    {
        Dictionary<string, int> requests = new(StringComparer.Ordinal);
        using LakeReader reader = snapshot.Scan(
            query with
            {
                Columns = [_user, _item, LakeEnvelope.EventTime, LakeEnvelope.RequestId],
                OrderBy = [LakeEnvelope.LogPosition],
            },
            cancellationToken);
        while (reader.Read())
        {
            ReadOnlySpan<long> moments = reader.TimesMicros(2);
            for (int row = 0; row < reader.RowCount; row++)
            {
                if (reader.IsNull(0, row) || reader.IsNull(3, row) || KeyHash.Of(reader.Utf8(3, row)) % keepEvery != 0)
                {
                    continue;
                }

                string request = Text(reader, 3, row);
                string item = Text(reader, 1, row);
                if (!requests.TryGetValue(request, out int number))
                {
                    number = requests.Count;
                    requests.Add(request, number);
                }

                _rows[(request, item)] = Count;
                _users.Add(Text(reader, 0, row));
                _items.Add(item);
                _times.Add(moments[row]);
                _requests.Add(number);
            }
        }
    }

    private void ReadPositives(
        LakeSnapshot snapshot, LakeQuery query, TimeSpan window, CancellationToken cancellationToken)
    {
        using LakeReader reader = snapshot.Scan(
            query with { Columns = [_item, LakeEnvelope.EventTime, LakeEnvelope.RequestId] }, cancellationToken);
        while (reader.Read())
        {
            ReadOnlySpan<long> moments = reader.TimesMicros(1);
            for (int row = 0; row < reader.RowCount; row++)
            {
                if (!reader.IsNull(2, row)
                    && _rows.TryGetValue((Text(reader, 2, row), Text(reader, 0, row)), out int at)
                    && moments[row] >= _times[at] && moments[row] - _times[at] <= window.TotalMicroseconds)
                {
                    _labels[at] = 1;
                }
            }
        }
    }

    private static LakeFilter FilterOf(ConditionSpec condition) => new(
        condition.Column,
        condition.Operator switch
        {
            "==" => LakeComparison.Equal,
            "!=" => LakeComparison.NotEqual,
            "<" => LakeComparison.Less,
            "<=" => LakeComparison.LessOrEqual,
            ">" => LakeComparison.Greater,
            ">=" => LakeComparison.GreaterOrEqual,
            _ => throw new System.Diagnostics.UnreachableException(),
        },
        condition.Value);

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
