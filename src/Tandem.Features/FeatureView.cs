using Tandem.Faults;
using Tandem.Features.Evaluation;
using Tandem.Spec;

namespace Tandem.Features;

/// <summary>Features of one entity computed from one source, checked and ready to evaluate: the one definition that
/// training and serving share.</summary>
public sealed class FeatureView
{
    /// <summary>The entity of views whose values belong to nobody in particular.</summary>
    public const string GlobalEntity = "global";

    private FeatureView(
        string name, FeatureViewSpec spec, SourceSpec source, IReadOnlyList<SourceColumn> columns,
        IReadOnlyList<FeatureDefinition> features)
    {
        Name = name;
        Entity = spec.Entity;
        Source = spec.Source;
        SourceSpec = source;
        Where = spec.Where;
        Columns = columns;
        TimeToLive = spec.TimeToLive;
        Features = features;
        Version = DefinitionHash.Of(this);
    }

    /// <summary>Its name in tandem.yaml.</summary>
    public string Name { get; }

    /// <summary>Entity the values belong to, or <see cref="GlobalEntity"/>.</summary>
    public string Entity { get; }

    /// <summary>Source of the events, or the table.</summary>
    public string Source { get; }

    /// <summary>True where the source is a table: a row counts from its own event time on, that moment included; an
    /// event counts only afterwards.</summary>
    public bool IsTable => SourceSpec.Kind == SourceKind.Table;

    /// <summary>Age of the newest contributing event beyond which a value is null, or null for no limit.</summary>
    public TimeSpan? TimeToLive { get; }

    /// <summary>The features, in the order of tandem.yaml.</summary>
    public IReadOnlyList<FeatureDefinition> Features { get; }

    /// <summary>Hash of what the definition means, <c>sha256:…</c>: everything that can change a value, and neither
    /// description, owner nor order.</summary>
    public string Version { get; }

    internal SourceSpec SourceSpec { get; }

    internal IReadOnlyList<ConditionSpec> Where { get; }

    /// <summary>The columns that the view computes.</summary>
    internal IReadOnlyList<SourceColumn> Columns { get; }

    /// <summary>Finds a column that the view may read, or returns null.</summary>
    internal SourceColumn? Find(string name) =>
        SourceColumn.Find(SourceSpec, name) ?? Columns.FirstOrDefault(column => column.Name == name);

    /// <summary>Compiles every view of a system, in ordinal order of name.</summary>
    /// <param name="spec">The system.</param>
    /// <exception cref="TandemException">FEA001 to FEA006, SPC061, SPC063: definitions that cannot be computed, all of them
    /// together.</exception>
    public static IReadOnlyList<FeatureView> CompileAll(SystemSpec spec)
    {
        var faults = new List<Fault>();
        var views = new List<FeatureView>();
        foreach ((string name, FeatureViewSpec view) in spec.Features.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            int before = faults.Count;
            ViewCompiler compiler = new(name, view, spec, faults);
            IReadOnlyList<FeatureDefinition> features = compiler.Compile();
            if (faults.Count == before)
            {
                views.Add(new FeatureView(name, view, spec.Sources[view.Source], compiler.Columns, features));
            }
        }

        return faults.Count == 0 ? views : throw new TandemException(faults);
    }
}
