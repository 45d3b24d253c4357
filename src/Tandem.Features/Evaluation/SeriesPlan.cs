using System.Diagnostics;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>What one series keeps: the events of one source, under the same conditions, of one entity. Views that agree
/// on these share it.</summary>
internal sealed class SeriesPlan
{
    /// <summary>Decayed features without a window look back this many half-lives: what is older counts less than
    /// 2.4·10⁻¹⁰.</summary>
    private const int HalfLivesKept = 32;

    private readonly List<RowCondition> _conditions = [];
    private readonly List<int> _sums = [];
    private readonly List<int> _numbers = [];
    private readonly List<int> _codes = [];
    private readonly List<int> _squares = [];
    private readonly List<RemnantPlan> _remnants = [];

    /// <param name="shape">The source, shared by all its series.</param>
    /// <param name="view">A view; its features are not added yet.</param>
    /// <param name="where">What events must satisfy.</param>
    public SeriesPlan(SourceShape shape, FeatureView view, IReadOnlyList<ConditionSpec> where)
    {
        Shape = shape;
        Entity = view.Entity;
        IncludesNow = view.IsTable;
        Pair = view.Pair;
        EntityColumn = view.Key is null ? -1 : shape.Column(view.Key);
        Where = where;
        Find = view.Find;
        foreach (ConditionSpec condition in where)
        {
            int column = shape.Column(view.Find(condition.Column)!);
            _conditions.Add(new RowCondition(column, shape.Columns[column], condition));
        }
    }

    private SeriesPlan(SourceShape shape)
    {
        Shape = shape;
        Entity = shape.Source.Entities[0];
        IncludesNow = true;
        IsByLog = true;
        EntityColumn = shape.Column(Entity);
        Where = [];
        Find = name => SourceColumn.Find(shape.Source, name);
    }

    public SourceShape Shape { get; }

    public string Entity { get; }

    /// <summary>True where rows count in the order of the log, whatever their times say: the newest of a table, by which
    /// events find what was known when they came.</summary>
    public bool IsByLog { get; }

    /// <summary>The pair that the series belong to; null for an entity.</summary>
    public PairKey? Pair { get; }

    /// <summary>Column that holds the entity's id, or -1 for the global entity.</summary>
    public int EntityColumn { get; }

    /// <summary>True where an event at the very moment asked for counts: rows of tables.</summary>
    public bool IncludesNow { get; }

    /// <summary>The conditions as they were written.</summary>
    public IReadOnlyList<ConditionSpec> Where { get; }

    /// <summary>Finds a column by the name that conditions give it.</summary>
    public Func<string, SourceColumn?> Find { get; }

    /// <summary>Columns with running totals.</summary>
    public IReadOnlyList<int> Sums => _sums;

    /// <summary>Columns whose numbers are kept.</summary>
    public IReadOnlyList<int> Numbers => _numbers;

    /// <summary>Columns whose texts are kept, as codes.</summary>
    public IReadOnlyList<int> Codes => _codes;

    /// <summary>Columns with running totals of their squares.</summary>
    public IReadOnlyList<int> Squares => _squares;

    /// <summary>What is kept of events that were dropped, beside totals.</summary>
    public IReadOnlyList<RemnantPlan> Remnants => _remnants;

    /// <summary>Length of the longest window, or 0.</summary>
    public long LongestWindowMicros { get; private set; }

    /// <summary>Newest events that are kept however old; at least 1, so that the age of a total is known.</summary>
    public int KeptCount { get; private set; } = 1;

    /// <summary>Hash of what a series holds, <c>sha256:…</c>: a series packed under a plan is read under any with the
    /// same.</summary>
    public string Hash => DefinitionHash.Of(this);

    /// <summary>Plans every view, sharing shapes and series.</summary>
    /// <param name="views">The views; of computed ones, those that they read.</param>
    /// <param name="features">Receives the series and plan of each feature.</param>
    public static IReadOnlyList<SeriesPlan> PlanAll(
        IReadOnlyList<FeatureView> views,
        Dictionary<(string View, string Feature), (int Series, FeaturePlan Plan)> features)
    {
        var shapes = new Dictionary<string, SourceShape>(StringComparer.Ordinal);
        var series = new Dictionary<(string, string, string), int>();
        var plans = new List<SeriesPlan>();
        foreach (FeatureView view in FeatureView.Kept(views))
        {
            if (!shapes.TryGetValue(view.Source, out SourceShape? shape))
            {
                shapes[view.Source] = shape = new SourceShape(view.Source, view.SourceSpec);
            }

            // The order in which features are written changes nothing that is kept.
            foreach (FeatureDefinition feature in view.Features.OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                IReadOnlyList<ConditionSpec> where = feature.Only is { } only ? [.. view.Where, only] : view.Where;
                string conditions = string.Concat(DefinitionHash.Conditions(view.Find, where));
                (string, string, string) kind = (view.Source, view.Key?.Key ?? view.Entity, conditions);
                if (!series.TryGetValue(kind, out int index))
                {
                    series[kind] = index = plans.Count;
                    plans.Add(new SeriesPlan(shape, view, where));
                }

                features[(view.Name, feature.Name)] = (index, plans[index].Add(view, feature));
            }
        }

        AddTables(shapes, plans, features);
        return plans;
    }

    /// <summary>Name under which <see cref="PlanAll"/> gives the newest texts of a table, by column.</summary>
    public static string TableName(string table) => $"@{table}";

    /// <summary>Plans the newest row of each table that columns are looked up in, behind all others.</summary>
    private static void AddTables(
        Dictionary<string, SourceShape> shapes, List<SeriesPlan> plans,
        Dictionary<(string View, string Feature), (int Series, FeaturePlan Plan)> features)
    {
        foreach (IGrouping<string, TableColumn> table in shapes.Values.ToArray()
            .SelectMany(static shape => shape.Attributes).GroupBy(static attribute => attribute.Table, StringComparer.Ordinal))
        {
            if (!shapes.TryGetValue(table.Key, out SourceShape? shape))
            {
                shapes[table.Key] = shape = new SourceShape(table.Key, table.First().Source);
            }

            var plan = new SeriesPlan(shape);
            foreach (string column in table.Select(static attribute => attribute.Column).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal))
            {
                features[(TableName(table.Key), column)] = (plans.Count, new FeaturePlan
                {
                    Operation = FeatureOperation.LastTexts,
                    Kind = FeatureKind.Text,
                    Slot = Slot(plan._codes, shape.Column(column)),
                });
            }

            plans.Add(plan);
        }
    }

    /// <summary>Checks the conditions, and that the row names the entity.</summary>
    public bool Takes(SourceRow row) => Satisfies(row) && (EntityColumn < 0 || !row.IsNull(EntityColumn));

    /// <summary>Checks the conditions of a row that is known to name the entity.</summary>
    public bool Satisfies(SourceRow row)
    {
        foreach (RowCondition condition in _conditions)
        {
            if (!condition.Holds(row))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The columns that conditions and features look at; null where cells are computed from others, so that any
    /// may be.</summary>
    public IReadOnlySet<int>? Looked() => Shape.Computes
        ? null
        : new HashSet<int>([.. _conditions.Select(c => c.Column), .. _sums, .. _numbers, .. _codes, .. _squares]);

    /// <summary>Index among the kept numbers of the column that a sum adds, or -1 where its numbers are not
    /// kept.</summary>
    public int NumberOfSum(int sum) => _numbers.IndexOf(_sums[sum]);

    /// <summary>Index of the sum of the column whose squares are added; every such column has one.</summary>
    public int SumOfSquare(int square) => _sums.IndexOf(_squares[square]);

    private static int Slot<T>(List<T> slots, T wanted)
    {
        int slot = slots.IndexOf(wanted);
        if (slot < 0)
        {
            slot = slots.Count;
            slots.Add(wanted);
        }

        return slot;
    }

    private FeaturePlan Add(FeatureView view, FeatureDefinition feature)
    {
        AggregateSpec spec = feature.Spec;
        FeatureOperation operation = OperationOf(feature);
        int column = feature.Operator.NeedsColumn ? Shape.Column(view.Find(spec.Column!)!) : -1;
        int other = (spec.Per ?? spec.Weight) is { } name ? Shape.Column(view.Find(name)!) : -1;
        (int slot, int second) = SlotsOf(operation, column, other);
        double halfLife = spec.HalfLife is null ? 0 : Micros.Of(spec.HalfLife.Value);
        long window = spec.Window is null ? (long)(halfLife * HalfLivesKept) : Micros.Of(spec.Window.Value);
        int k = feature.Operator.Takes.Contains("k", StringComparer.Ordinal) ? spec.K : 1;
        LongestWindowMicros = Math.Max(LongestWindowMicros, window);
        if (window == 0 && operation is FeatureOperation.LastTexts or FeatureOperation.Sequence)
        {
            KeptCount = Math.Max(KeptCount, k);
        }

        return new FeaturePlan
        {
            Operation = operation,
            Kind = feature.Kind,
            Slot = slot,
            SecondSlot = second,
            Remnant = window == 0 && RemnantPlan.IsFor(operation)
                ? Slot(_remnants, new RemnantPlan(operation, slot, k))
                : -1,
            WindowMicros = window,
            MaximumAgeMicros = view.TimeToLive is null || !view.SourceSpec.HasTimes
                ? 0
                : Micros.Of(view.TimeToLive.Value),
            K = k,
            Quantile = spec.Quantile ?? FeaturePlan.Median,
            HalfLifeMicros = halfLife,
            Prior = spec.Prior,
            Strength = spec.Strength,
        };
    }

    private (int Slot, int Second) SlotsOf(FeatureOperation operation, int column, int other) => operation switch
    {
        FeatureOperation.Count or FeatureOperation.Age or FeatureOperation.DecayedCount => (-1, -1),
        FeatureOperation.Sum or FeatureOperation.Mean => (Slot(_sums, column), -1),
        FeatureOperation.Rate => (Slot(_sums, column), other < 0 ? -1 : Slot(_sums, other)),
        FeatureOperation.Sequence => (Slot(_codes, column), other < 0 ? -1 : Slot(_numbers, other)),
        FeatureOperation.Variance or FeatureOperation.Deviation => (Slot(_sums, column), Slot(_squares, column)),
        FeatureOperation.LastTexts or FeatureOperation.FirstText or FeatureOperation.Unique
            or FeatureOperation.ApproximateUnique or FeatureOperation.Histogram => (Slot(_codes, column), -1),
        _ => (Slot(_numbers, column), -1),
    };

    private static FeatureOperation OperationOf(FeatureDefinition feature) => feature.Operator.Name switch
    {
        "count" => FeatureOperation.Count,
        "sum" => FeatureOperation.Sum,
        "mean" => FeatureOperation.Mean,
        "min" => FeatureOperation.Min,
        "max" => FeatureOperation.Max,
        "variance" => FeatureOperation.Variance,
        "stddev" => FeatureOperation.Deviation,
        "quantile" => FeatureOperation.Quantile,
        "rate" or "ratio" => FeatureOperation.Rate,
        "age" => FeatureOperation.Age,
        "decayed_count" => FeatureOperation.DecayedCount,
        "decayed_sum" => FeatureOperation.DecayedSum,
        "unique" => FeatureOperation.Unique,
        "approx_unique" => FeatureOperation.ApproximateUnique,
        "first" when feature.Kind == FeatureKind.Text => FeatureOperation.FirstText,
        "first" => FeatureOperation.FirstNumber,
        "last" when feature.Kind == FeatureKind.Number => FeatureOperation.LastNumber,
        "last" or "last_k" => FeatureOperation.LastTexts,
        "sequence" => FeatureOperation.Sequence,
        "top_k" => FeatureOperation.TopNumbers,
        "bottom_k" => FeatureOperation.BottomNumbers,
        "histogram" => FeatureOperation.Histogram,
        _ => throw new UnreachableException(),
    };
}
