using Tandem.Faults;
using Tandem.Spec.Expressions;

namespace Tandem.Spec;

/// <summary>What each feature of a system gives, and in which order those that are computed from others can be.</summary>
public sealed class FeatureTypes
{
    private readonly SystemSpec _spec;
    private readonly Dictionary<string, ExpressionType> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string View, string Feature)> _computed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private readonly List<string> _features = [];
    private readonly List<string> _path = [];
    private readonly List<string> _order = [];
    private readonly List<FeatureTypeFault> _faults = [];
    private readonly ExpressionScope _scope;

    private FeatureTypes(
        SystemSpec spec, IReadOnlyList<KnownOperator> operators, Func<string[], bool> isFaulted)
    {
        _spec = spec;
        foreach ((string view, FeatureViewSpec definition) in spec.Features)
        {
            AddAggregates(view, definition, operators);
            foreach (string feature in definition.Compute.Keys)
            {
                _features.Add($"{view}:{feature}");
                _computed[_features[^1]] = (view, feature);
            }
        }

        SourceSpec? impression = spec.Objective.Label.Impression is { } name ? spec.Sources.GetValueOrDefault(name) : null;
        _types[ExpressionScope.Now] = ExpressionType.Time;
        if (impression is not null)
        {
            foreach ((string column, ColumnSpec declared) in impression.Columns)
            {
                Add(ExpressionScope.Request + column, ExpressionScope.TypeOf(declared.Type));
            }
        }

        foreach ((string table, SourceSpec source) in spec.Sources.Where(each => each.Value.Kind == SourceKind.Table))
        {
            foreach ((string column, ColumnSpec declared) in source.Columns)
            {
                Add($"{table}:{column}", ExpressionScope.TypeOf(declared.Type));
            }
        }

        _scope = new ExpressionScope(
            each => _types.TryGetValue(each, out ExpressionType type) ? type
                : _computed.ContainsKey(each) || IsElsewhere(each, isFaulted) ? ExpressionType.Nothing
                : null,
            [.. _types.Keys, .. _computed.Keys]);
    }

    /// <summary>Names of the computed features, as <c>view:feature</c>, each after those it reads.</summary>
    public IReadOnlyList<string> ComputeOrder => _order;

    /// <summary>Names of the features that models can read: numbers, flags and moments.</summary>
    public IReadOnlyList<string> Numbers =>
    [
        .. _features.Where(each => _types.TryGetValue(each, out ExpressionType type)
            && type is not (ExpressionType.Text or ExpressionType.Nothing)),
    ];

    /// <summary>What is wrong: SPC061, SPC063, SPC064.</summary>
    public IReadOnlyList<FeatureTypeFault> Faults => _faults;

    /// <summary>Finds the types of all features of a system.</summary>
    /// <param name="spec">The system.</param>
    /// <param name="operators">The operators that it may use.</param>
    /// <param name="isFaulted">True where a value at a path is written, although it could not be read; null for
    /// never.</param>
    public static FeatureTypes Of(
        SystemSpec spec, IReadOnlyList<KnownOperator> operators, Func<string[], bool>? isFaulted = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(operators);
        FeatureTypes types = new(spec, operators, isFaulted ?? (static _ => false));
        foreach (string name in types._computed.Keys)
        {
            types.Resolve(name);
        }

        return types;
    }

    /// <summary>The type of a name that computed features may read, or null where it is none: <c>view:feature</c>,
    /// <c>table:column</c>, <c>request.column</c>, <c>now</c>.</summary>
    /// <param name="name">The name.</param>
    public ExpressionType? Find(string name) => _scope.Find(name);

    private void AddAggregates(string view, FeatureViewSpec definition, IReadOnlyList<KnownOperator> operators)
    {
        foreach (AggregateSpec aggregate in definition.Aggregates)
        {
            KnownOperator? known = operators.FirstOrDefault(each => each.Name == aggregate.Operator);
            ExpressionType? type = known is null || known.GivesList ? null
                : known is { NeedsColumn: true, NeedsNumber: false, NeedsText: false } ? TypeOf(definition, aggregate)
                : ExpressionType.Number;
            foreach (string value in aggregate.By is null ? [""] : aggregate.Values.Select(static each => "." + each))
            {
                _features.Add($"{view}:{aggregate.Name}{value}");
                Add(_features[^1], type);
            }
        }
    }

    private ExpressionType? TypeOf(FeatureViewSpec view, AggregateSpec aggregate)
    {
        if (aggregate.Column is not { } column || !_spec.Sources.TryGetValue(view.Source, out SourceSpec? source))
        {
            return ExpressionType.Nothing;
        }

        if (column.Contains('.', StringComparison.Ordinal))
        {
            return ExpressionType.Text;
        }

        var scope = ExpressionScope.Of(source);
        return view.Columns.TryGetValue(column, out Expression? computed) ? computed.TypeIn(scope, out _) : scope.Find(column);
    }

    private void Add(string name, ExpressionType? type)
    {
        if (type is { } known)
        {
            _types.TryAdd(name, known);
        }
    }

    private void Resolve(string name)
    {
        if (!_begun.Add(name))
        {
            return;
        }

        (string view, string feature) = _computed[name];
        Expression expression = _spec.Features[view].Compute[feature];
        _path.Add(name);
        foreach (Expression part in expression.All().Where(each => each.Kind == ExpressionKind.Name))
        {
            int begin = _path.IndexOf(part.Name);
            if (begin >= 0)
            {
                _faults.Add(new FeatureTypeFault(
                    view, feature, part.Column, ExpressionErrors.Cycle([.. _path[begin..], part.Name])));
            }
            else if (_computed.ContainsKey(part.Name))
            {
                Resolve(part.Name);
            }
        }

        _path.RemoveAt(_path.Count - 1);
        ExpressionType? type = expression.TypeIn(_scope, out Fault? fault, out int column);
        if (fault is not null)
        {
            _faults.Add(new FeatureTypeFault(view, feature, column, fault));
        }

        Add(name, type);
        _order.Add(name);
    }

    /// <summary>True for a name whose view, source or column has a fault of its own.</summary>
    private bool IsElsewhere(string name, Func<string[], bool> isFaulted)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string[] parts = colon < 0 ? [] : [name[..colon], name[(colon + 1)..]];
        string? impression = _spec.Objective.Label.Impression;
        return name.StartsWith(ExpressionScope.Request, StringComparison.Ordinal)
            ? impression is not null
                && (!_spec.Sources.ContainsKey(impression)
                    || isFaulted(["sources", impression, "columns", name[ExpressionScope.Request.Length..]]))
                && _spec.Sources.GetValueOrDefault(impression)?.Columns.ContainsKey(name[ExpressionScope.Request.Length..]) != true
            : parts.Length == 2 && !IsRead(parts)
                && (isFaulted(["features", parts[0], "aggregates", parts[1]])
                    || isFaulted(["features", parts[0], "compute", parts[1]])
                    || isFaulted(["sources", parts[0], "columns", parts[1]]));
    }

    /// <summary>True where what a name stands for was read without a fault, but gives nothing to compute with.</summary>
    private bool IsRead(string[] parts) =>
        (_spec.Features.TryGetValue(parts[0], out FeatureViewSpec? view)
            && view.Aggregates.Any(each => each.Name == parts[1]))
        || (_spec.Sources.TryGetValue(parts[0], out SourceSpec? source) && source.Columns.ContainsKey(parts[1]));
}
