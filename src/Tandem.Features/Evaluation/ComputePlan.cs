using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>How some computed features are computed: the cells of a row that holds what they read, then each in an order
/// in which it finds what it needs.</summary>
internal sealed class ComputePlan
{
    private readonly Dictionary<string, (int Column, ExpressionType Type)> _cells = new(StringComparer.Ordinal);

    /// <param name="wanted">The features.</param>
    /// <param name="pairs">Pairs that are read beside them, whose second part the request may say.</param>
    /// <param name="source">The source of impressions; null where there is none.</param>
    public ComputePlan(
        IReadOnlyList<ComputedFeature> wanted, IEnumerable<PairKey> pairs, (string Name, SourceSpec Source)? source)
    {
        Leaves = [.. wanted.SelectMany(static each => each.Leaves)
            .DistinctBy(static leaf => leaf.Name, StringComparer.Ordinal)];
        Requests =
        [
            .. wanted.SelectMany(static each => each.Requests)
                .Concat(Leaves.Select(static leaf => leaf.View!.Pair).Concat(pairs)
                    .Where(static pair => pair?.Request is not null)
                    .Select(static pair => new ComputeInput(ExpressionScope.Request + pair!.Request, ExpressionType.Text)
                    {
                        Column = pair.Request,
                    }))
                .DistinctBy(static input => input.Name, StringComparer.Ordinal),
        ];
        if (source is { } impression)
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
        foreach (ComputedFeature feature in wanted)
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

    /// <summary>The cell of a column that the request says, or -1.</summary>
    public int CellOfRequest(string column)
    {
        int cell = Requests.Count - 1;
        while (cell >= 0 && Requests[cell].Column != column)
        {
            cell--;
        }

        return cell;
    }

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
