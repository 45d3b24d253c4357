using Tandem.Lake.Native;

namespace Tandem.Lake.Queries;

/// <summary>Collects the conditions of a query with their values as parameters.</summary>
internal sealed class Conditions(TableSource source)
{
    private readonly List<string> _conditions = [];
    private readonly List<object> _values = [];

    /// <summary>The clause, empty where there is no condition.</summary>
    public string Clause => _conditions.Count == 0 ? "" : $" where {string.Join(" and ", _conditions)}";

    /// <summary>Adds a condition in SQL whose values are given in it.</summary>
    public void Add(string condition) => _conditions.Add(condition);

    /// <summary>Adds the range of event time and the end of known time.</summary>
    public void AddTimes(DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset? knownUntil)
    {
        if (from is { } first)
        {
            Add($"event_time >= {Sql.Moment(LakeTime.ToMicros(first))}");
        }

        if (to is { } end)
        {
            Add($"event_time < {Sql.Moment(LakeTime.ToMicros(end))}");
        }

        if (knownUntil is { } known)
        {
            Add($"known_time <= {Sql.Moment(LakeTime.ToMicros(known))}");
        }
    }

    /// <summary>Adds a filter.</summary>
    /// <exception cref="ArgumentException">Its value does not fit its column or comparison.</exception>
    public void Add(LakeFilter filter)
    {
        LakeColumn column = source.Column(filter.Column);
        string name = Sql.Name(column.Name);
        switch (filter.Comparison)
        {
            case LakeComparison.IsNull:
                Add($"{name} is null");
                break;
            case LakeComparison.IsNotNull:
                Add($"{name} is not null");
                break;
            case LakeComparison.In:
                AddIn(column, name, filter.Value);
                break;
            default:
                Add($"{name} {Operator(filter.Comparison)} ?");
                _values.Add(Fitting(column, filter.Value));
                break;
        }
    }

    /// <summary>Binds the values, in order, from the first parameter on.</summary>
    public void Bind(DuckStatement statement)
    {
        for (int i = 0; i < _values.Count; i++)
        {
            statement.Bind(i + 1, _values[i]);
        }
    }

    private static string Operator(LakeComparison comparison) => comparison switch
    {
        LakeComparison.Equal => "=",
        LakeComparison.NotEqual => "<>",
        LakeComparison.Less => "<",
        LakeComparison.LessOrEqual => "<=",
        LakeComparison.Greater => ">",
        LakeComparison.GreaterOrEqual => ">=",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "No such comparison."),
    };

    private static object Fitting(LakeColumn column, object? value) => (column.Type, value) switch
    {
        (LakeType.Text, string) => value,
        (LakeType.Whole or LakeType.Number, long or int or double or float) => value,
        (LakeType.Flag, bool) => value,
        (LakeType.Time, DateTimeOffset) => value,
        _ => throw new ArgumentException(
            $"Column '{column.Name}' holds {column.Type}; it cannot be compared with " +
            $"{value?.GetType().Name ?? "null"}.",
            nameof(value)),
    };

    private void AddIn(LakeColumn column, string name, object? value)
    {
        if (value is not IEnumerable<object> several)
        {
            throw new ArgumentException(
                $"A filter of column '{column.Name}' by In takes a list of values.", nameof(value));
        }

        List<object> fitting = [.. several.Select(one => Fitting(column, one))];
        Add(fitting.Count == 0 ? "false" : $"{name} in ({string.Join(",", fitting.Select(static _ => "?"))})");
        _values.AddRange(fitting);
    }
}
