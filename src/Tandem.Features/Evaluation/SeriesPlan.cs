using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>What one series keeps: the events of one source, under the same conditions, of one entity. Views that agree
/// on these share it.</summary>
internal sealed class SeriesPlan
{
    private readonly List<RowCondition> _conditions = [];
    private readonly List<int> _sums = [];
    private readonly List<int> _numbers = [];
    private readonly List<int> _codes = [];

    /// <param name="shape">The source, shared by all its series.</param>
    /// <param name="view">A view; its features are not added yet.</param>
    public SeriesPlan(SourceShape shape, FeatureView view)
    {
        Shape = shape;
        Entity = view.Entity;
        IncludesNow = view.IsTable;
        EntityColumn = view.Entity == FeatureView.GlobalEntity ? -1 : shape.Column(view.Entity);
        Where = view.Where;
        foreach (ConditionSpec condition in view.Where)
        {
            int column = shape.Column(condition.Column);
            _conditions.Add(new RowCondition(column, shape.Columns[column], condition));
        }
    }

    public SourceShape Shape { get; }

    public string Entity { get; }

    /// <summary>Column that holds the entity's id, or -1 for the global entity.</summary>
    public int EntityColumn { get; }

    /// <summary>True where an event at the very moment asked for counts: rows of tables.</summary>
    public bool IncludesNow { get; }

    /// <summary>The conditions as they were written.</summary>
    public IReadOnlyList<ConditionSpec> Where { get; }

    /// <summary>Columns with running totals.</summary>
    public IReadOnlyList<int> Sums => _sums;

    /// <summary>Columns whose numbers are kept.</summary>
    public IReadOnlyList<int> Numbers => _numbers;

    /// <summary>Columns whose texts are kept, as codes.</summary>
    public IReadOnlyList<int> Codes => _codes;

    /// <summary>Length of the longest window, or 0.</summary>
    public long LongestWindowMicros { get; private set; }

    /// <summary>Newest events that are kept however old; at least 1, so that the age of a total is known.</summary>
    public int KeptCount { get; private set; } = 1;

    /// <summary>Plans every view, sharing shapes and series.</summary>
    /// <param name="views">The views.</param>
    /// <param name="features">Receives, for each feature of each view in order, its series and plan.</param>
    public static IReadOnlyList<SeriesPlan> PlanAll(
        IReadOnlyList<FeatureView> views,
        Dictionary<(string View, string Feature), (int Series, FeaturePlan Plan)> features)
    {
        var shapes = new Dictionary<string, SourceShape>(StringComparer.Ordinal);
        var series = new Dictionary<(string, string, string), int>();
        var plans = new List<SeriesPlan>();
        foreach (FeatureView view in views)
        {
            if (!shapes.TryGetValue(view.Source, out SourceShape? shape))
            {
                shapes[view.Source] = shape = new SourceShape(view.Source, view.SourceSpec);
            }

            string where = string.Concat(DefinitionHash.Conditions(view.SourceSpec, view.Where));
            if (!series.TryGetValue((view.Source, view.Entity, where), out int index))
            {
                series[(view.Source, view.Entity, where)] = index = plans.Count;
                plans.Add(new SeriesPlan(shape, view));
            }

            foreach (FeatureDefinition feature in view.Features)
            {
                features[(view.Name, feature.Name)] = (index, plans[index].Add(view, feature));
            }
        }

        return plans;
    }

    /// <summary>Checks the conditions, and that the row names the entity.</summary>
    public bool Takes(SourceRow row)
    {
        foreach (RowCondition condition in _conditions)
        {
            if (!condition.Holds(row))
            {
                return false;
            }
        }

        return EntityColumn < 0 || !row.IsNull(EntityColumn);
    }

    private static int Slot(List<int> columns, int column)
    {
        int slot = columns.IndexOf(column);
        if (slot < 0)
        {
            slot = columns.Count;
            columns.Add(column);
        }

        return slot;
    }

    private FeaturePlan Add(FeatureView view, FeatureDefinition feature)
    {
        int column = feature.Column is null ? -1 : Shape.Column(feature.Column);
        (FeatureOperation operation, int slot) = (feature.Operator, feature.Kind) switch
        {
            ("sum", _) => (FeatureOperation.Sum, Slot(_sums, column)),
            ("mean", _) => (FeatureOperation.Mean, Slot(_sums, column)),
            ("last", FeatureKind.Number) => (FeatureOperation.LastNumber, Slot(_numbers, column)),
            ("last" or "last_k", _) => (FeatureOperation.LastTexts, Slot(_codes, column)),
            _ => (FeatureOperation.Count, -1),
        };
        long window = feature.Window is null ? 0 : Micros.Of(feature.Window.Value);
        long maximumAge = view.TimeToLive is null || !view.SourceSpec.HasTimes ? 0 : Micros.Of(view.TimeToLive.Value);
        LongestWindowMicros = Math.Max(LongestWindowMicros, window);
        KeptCount = window == 0 ? Math.Max(KeptCount, feature.K) : KeptCount;
        return new FeaturePlan(operation, slot, window, maximumAge, feature.K);
    }
}
