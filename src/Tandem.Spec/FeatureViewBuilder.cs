using Tandem.Faults;

namespace Tandem.Spec;

/// <summary>Writes a feature view in code, in the words of tandem.yaml.</summary>
/// <remarks><c>docs/features-in-code.md</c> shows one. What each line says is checked when the design is: by
/// <see cref="SpecFile.Of"/>, with the codes of the file.</remarks>
public sealed class FeatureViewBuilder
{
    private readonly Dictionary<string, Expression> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Expression> _compute = new(StringComparer.Ordinal);
    private readonly List<ConditionSpec> _where = [];
    private readonly List<AggregateSpec> _aggregates = [];
    private FeatureViewSpec _view = new();

    private FeatureViewBuilder()
    {
    }

    /// <summary>Begins a view whose values belong to an entity, or to a pair.</summary>
    /// <param name="entity">The entity, or <c>global</c>.</param>
    /// <param name="with">The second part of a pair: an entity, a text column of the source, or <c>item.category</c>; null
    /// for no pair.</param>
    public static FeatureViewBuilder Of(string entity, string? with = null) =>
        new() { _view = new FeatureViewSpec { Entity = entity, With = with } };

    /// <summary>Begins a view whose features are computed when they are read.</summary>
    public static FeatureViewBuilder Computed() => new();

    /// <summary>Says which source the events come from.</summary>
    /// <param name="source">The source, or the table.</param>
    public FeatureViewBuilder From(string source) => Change(view => view with { Source = source });

    /// <summary>Takes only rows for which a condition holds.</summary>
    /// <param name="condition">The condition: <c>watch_fraction >= 0.5</c>.</param>
    /// <exception cref="TandemException">SPC016: it is none.</exception>
    public FeatureViewBuilder Where(string condition)
    {
        _where.Add(ConditionSpec.Parse(condition));
        return this;
    }

    /// <summary>Says beyond which age of the newest row values are null.</summary>
    /// <param name="age">The age.</param>
    public FeatureViewBuilder TimeToLive(TimeSpan age) => Change(view => view with { TimeToLive = age });

    /// <summary>Adds a column that is computed from those of the source.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="expression">What computes it: <c>watch_seconds / 60</c>.</param>
    /// <exception cref="TandemException">SPC060, SPC062: it cannot be read.</exception>
    public FeatureViewBuilder Column(string name, string expression)
    {
        _columns.Add(name, Expression.Parse(expression));
        return this;
    }

    /// <summary>Adds a feature.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="line">What it computes, in one line: <c>mean watch_fraction over 7d</c>.</param>
    /// <param name="more">Sets what a line cannot say, such as a half-life; null for nothing.</param>
    /// <exception cref="TandemException">SPC016: the line is none.</exception>
    public FeatureViewBuilder Feature(string name, string line, Func<AggregateSpec, AggregateSpec>? more = null)
    {
        var feature = AggregateSpec.Parse(name, line);
        _aggregates.Add(more is null ? feature : more(feature));
        return this;
    }

    /// <summary>Adds a feature that is computed when it is read.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="expression">What computes it: <c>hour(now)</c>.</param>
    /// <exception cref="TandemException">SPC060, SPC062: it cannot be read.</exception>
    public FeatureViewBuilder Compute(string name, string expression)
    {
        _compute.Add(name, Expression.Parse(expression));
        return this;
    }

    /// <summary>Says who answers for the view.</summary>
    /// <param name="owner">Who.</param>
    public FeatureViewBuilder Owner(string owner) => Change(view => view with { Owner = owner });

    /// <summary>Describes the view.</summary>
    /// <param name="description">One sentence.</param>
    public FeatureViewBuilder Description(string description) => Change(view => view with { Description = description });

    /// <summary>Gives the view.</summary>
    public FeatureViewSpec Build() => _view with
    {
        Columns = new Dictionary<string, Expression>(_columns, StringComparer.Ordinal),
        Compute = new Dictionary<string, Expression>(_compute, StringComparer.Ordinal),
        Where = [.. _where],
        Aggregates = [.. _aggregates],
    };

    private FeatureViewBuilder Change(Func<FeatureViewSpec, FeatureViewSpec> change)
    {
        _view = change(_view);
        return this;
    }
}
