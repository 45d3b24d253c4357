using System.Text;
using Tandem.Faults;
using Tandem.Features.Evaluation;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Features;

/// <summary>Features of one entity computed from one source, checked and ready to evaluate: the one definition that
/// training and serving share.</summary>
public sealed class FeatureView
{
    /// <summary>The entity of views whose values belong to nobody in particular.</summary>
    public const string GlobalEntity = "global";

    private FeatureView(
        string name, FeatureViewSpec spec, SourceSpec source, PairKey? pair, IReadOnlyList<SourceColumn> columns,
        (string Name, SourceSpec Source)? impression, IReadOnlyList<FeatureDefinition> features)
    {
        Name = name;
        Entity = pair?.Name ?? spec.Entity;
        Pair = pair;
        Impression = impression;
        Source = spec.Source;
        SourceSpec = source;
        Where = spec.Where;
        Columns = columns;
        Key = pair is null
            ? spec.Entity == GlobalEntity ? null : SourceColumn.Find(source, spec.Entity)
            : SourceColumn.Pair(
                Find(pair.First)!, pair.Attribute is { } attribute ? SourceColumn.OfTable(attribute) : Find(pair.Second)!);
        TimeToLive = spec.TimeToLive;
        Features = features;
        Version = DefinitionHash.Of(this);
    }

    internal FeatureView(
        string name, (string Name, SourceSpec Source)? impression, IReadOnlyList<FeatureDefinition> features)
    {
        Name = name;
        Entity = "";
        Source = "";
        SourceSpec = new SourceSpec { Entities = [] };
        Impression = impression;
        Where = [];
        Columns = [];
        Features = features;
        Version = ContentHash.Of(Encoding.UTF8.GetBytes("tandem-computed-view 1\n" + string.Join('\n', features
            .OrderBy(static feature => feature.Name, StringComparer.Ordinal)
            .Select(static feature => $"{feature.Name} {feature.Computed!.Hash}"))));
    }

    /// <summary>Its name in tandem.yaml.</summary>
    public string Name { get; }

    /// <summary>True where its features are computed from others when they are read; it has then neither entity nor
    /// source.</summary>
    public bool IsComputed => Source.Length == 0;

    /// <summary>Entity the values belong to, or <see cref="GlobalEntity"/>; of a pair both parts with a comma,
    /// <c>user,item.category</c>; empty where they are computed.</summary>
    public string Entity { get; }

    /// <summary>Source of the events, or the table; empty where values are computed.</summary>
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

    /// <summary>The two parts of the pair that values belong to, as tandem.yaml names them; empty for an entity.</summary>
    public IReadOnlyList<string> Parts => Pair is null ? [] : [Pair.First, Pair.Second];

    /// <summary>What the definition says, key by key, in the words of tandem.yaml: all that <see cref="Version"/> is a hash
    /// of. Keys of a feature stand behind its name and a dot.</summary>
    public IReadOnlyDictionary<string, string> Definition => DefinitionText.Of(this);

    /// <summary>The tables of the lake that values are made of; none where they are computed from other features.</summary>
    internal IEnumerable<string> Sources => IsComputed
        ? []
        : Columns.Select(static column => column.Attribute).Append(Pair?.Attribute).OfType<TableColumn>()
            .Select(static attribute => attribute.Table).Prepend(Source).Distinct(StringComparer.Ordinal);

    internal SourceSpec SourceSpec { get; }

    /// <summary>The source whose columns hold the values of requests; null where there is none.</summary>
    internal (string Name, SourceSpec Source)? Impression { get; }

    internal IReadOnlyList<ConditionSpec> Where { get; }

    /// <summary>The pair that values belong to; null for an entity.</summary>
    internal PairKey? Pair { get; }

    /// <summary>The column that says to whom a row belongs; null for the global entity, and where values are
    /// computed.</summary>
    internal SourceColumn? Key { get; }

    /// <summary>The columns that the view reads beside those of its source: computed, or looked up in tables.</summary>
    internal IReadOnlyList<SourceColumn> Columns { get; }

    /// <summary>Finds a column that the view may read, or returns null.</summary>
    internal SourceColumn? Find(string name) =>
        SourceColumn.Find(SourceSpec, name) ?? Columns.FirstOrDefault(column => column.Name == name);

    /// <summary>Finds a feature by its name, or returns null.</summary>
    /// <param name="views">The views.</param>
    /// <param name="name">The name, <c>view:feature</c>.</param>
    public static (FeatureView View, FeatureDefinition Feature)? Find(IReadOnlyList<FeatureView> views, string name)
    {
        ArgumentNullException.ThrowIfNull(views);
        ArgumentNullException.ThrowIfNull(name);
        string[] parts = name.Split(':', 2);
        FeatureView? view = views.FirstOrDefault(each => each.Name == parts[0]);
        return parts.Length == 2 && view?.Features.FirstOrDefault(each => each.Name == parts[1]) is { } feature
            ? (view, feature)
            : null;
    }

    /// <summary>Compiles every view of a system, in ordinal order of name.</summary>
    /// <param name="spec">The system.</param>
    /// <exception cref="TandemException">FEA001 to FEA006, FEA017, SPC061, SPC063, SPC064: definitions that cannot be computed, all of them
    /// together.</exception>
    public static IReadOnlyList<FeatureView> CompileAll(SystemSpec spec)
    {
        var faults = new List<Fault>();
        var views = new List<FeatureView>();
        foreach ((string name, FeatureViewSpec view) in spec.Features.Where(static view => view.Value.Compute.Count == 0)
            .OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (Compile(name, view, spec, faults) is { } compiled)
            {
                views.Add(compiled);
            }
        }

        views.AddRange(new ComputeCompiler(spec, views, faults).Compile());
        return faults.Count == 0
            ? [.. views.OrderBy(static view => view.Name, StringComparer.Ordinal)]
            : throw new TandemException(faults);
    }

    /// <summary>Compiles a view that reads a source, or gives null, with faults added to the list.</summary>
    internal static FeatureView? Compile(string name, FeatureViewSpec view, SystemSpec spec, List<Fault> faults)
    {
        int before = faults.Count;
        ViewCompiler compiler = new(name, view, spec, faults);
        IReadOnlyList<FeatureDefinition> features = compiler.Compile();
        return faults.Count == before
            ? new FeatureView(
                name, view, spec.Sources[view.Source], compiler.Pair, compiler.Columns, ImpressionOf(spec), features)
            : null;
    }

    /// <summary>The source of impressions, or null.</summary>
    internal static (string Name, SourceSpec Source)? ImpressionOf(SystemSpec spec) =>
        spec.Objective.Label.Impression is { } name && spec.Sources.TryGetValue(name, out SourceSpec? source)
            ? (name, source)
            : null;

    /// <summary>The views that read sources: those of a list, and those that its computed views read.</summary>
    internal static IReadOnlyList<FeatureView> Kept(IReadOnlyList<FeatureView> views) =>
    [
        .. views.Where(static view => !view.IsComputed)
            .Concat(views.SelectMany(static view => view.Features).SelectMany(static feature => feature.Computed?.Leaves ?? [])
                .Select(static leaf => leaf.View!))
            .Distinct(),
    ];
}
