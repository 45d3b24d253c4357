using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>How some computed features are computed: the cells of a row that holds what they read, then each in an order
/// in which it finds what it needs.</summary>
internal sealed class ComputePlan
{
    private readonly Dictionary<string, (int Column, ExpressionType Type)> _cells = new(StringComparer.Ordinal);

    /// <param name="wanted">The features, and the views they are of.</param>
    public ComputePlan(IReadOnlyList<(FeatureView View, ComputedFeature Feature)> wanted)
    {
        Requests = [.. wanted.SelectMany(static each => each.Feature.Requests)
            .DistinctBy(static input => input.Name, StringComparer.Ordinal)];
        Leaves = [.. wanted.SelectMany(static each => each.Feature.Leaves)
            .DistinctBy(static leaf => leaf.Name, StringComparer.Ordinal)];
        if (wanted.Select(static each => each.View.Impression).FirstOrDefault(static each => each is not null) is { } impression)
        {
            Request = new SourceShape(impression.Name, impression.Source);
            foreach (ComputeInput request in Requests)
            {
                Request.Column(request.Column!);
            }
        }

        foreach (ComputeInput input in Requests.Concat(Leaves))
        {
            _cells[input.Name] = (_cells.Count, input.Type);
        }

        _cells[ExpressionScope.Now] = (_cells.Count, ExpressionType.Time);
        List<ComputedFeature> order = [];
        foreach ((FeatureView _, ComputedFeature feature) in wanted)
        {
            Add(feature, order);
        }

        Order = order;
    }

    /// <summary>The values of the request, from cell 0 on.</summary>
    public IReadOnlyList<ComputeInput> Requests { get; }

    /// <summary>Reads the request's values from JSON; its columns are <see cref="Requests"/>. Null where there are
    /// none.</summary>
    public SourceShape? Request { get; }

    /// <summary>The features that are kept, in the cells behind the request's.</summary>
    public IReadOnlyList<ComputeInput> Leaves { get; }

    /// <summary>The computed features, each behind what it reads.</summary>
    public IReadOnlyList<ComputedFeature> Order { get; }

    /// <summary>Number of cells.</summary>
    public int CellCount => _cells.Count;

    /// <summary>The cell of a name.</summary>
    public int CellOf(string name) => _cells[name].Column;

    /// <summary>Makes the formulas of <see cref="Order"/>.</summary>
    public Formula[] Compile()
    {
        FormulaCompiler compiler = new(
            new ExpressionScope(name => _cells.TryGetValue(name, out (int, ExpressionType Type) cell) ? cell.Type : null, []),
            CellOf);
        return [.. Order.Select(feature => compiler.Compile(feature.Expression))];
    }

    private void Add(ComputedFeature feature, List<ComputedFeature> order)
    {
        if (!_cells.ContainsKey(feature.Name))
        {
            foreach (ComputeInput input in feature.Inputs.Where(static input => input.Computed is not null))
            {
                Add(input.Computed!, order);
            }

            _cells[feature.Name] = (_cells.Count, feature.Type);
            order.Add(feature);
        }
    }
}
