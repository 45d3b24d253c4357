using System.Text;
using Tandem.Faults;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Features.Evaluation;

/// <summary>Makes the computed features of a system, once its other views are compiled.</summary>
internal sealed class ComputeCompiler(SystemSpec spec, IReadOnlyList<FeatureView> views, List<Fault> faults)
{
    private readonly Dictionary<string, ComputeInput> _inputs = new(StringComparer.Ordinal);
    private readonly FeatureTypes _types = FeatureTypes.Of(spec, FeatureOperators.Known);

    /// <summary>Gives the views that compute; faults are added to the list.</summary>
    public IReadOnlyList<FeatureView> Compile()
    {
        faults.AddRange(_types.Faults.Select(static wrong => wrong.Fault with
        {
            Place = $"features.{wrong.View}.compute.{wrong.Feature}",
        }));
        if (faults.Count > 0)
        {
            return [];
        }

        foreach (FeatureView view in views)
        {
            foreach (FeatureDefinition feature in view.Features)
            {
                AddLeaf($"{view.Name}:{feature.Name}", view, feature);
            }
        }

        AddTables();
        foreach (string name in _types.ComputeOrder)
        {
            string[] parts = name.Split(':', 2);
            Expression expression = spec.Features[parts[0]].Compute[parts[1]];
            ComputeInput[] inputs = [.. expression.Names.Select(Input)];
            ComputedFeature computed = new(
                name, expression, _types.Find(name)!.Value, inputs, HashOf(expression, inputs));
            _inputs[name] = new ComputeInput(name, computed.Type) { Computed = computed };
        }

        return
        [
            .. spec.Features.Where(static view => view.Value.Compute.Count > 0).Select(view => new FeatureView(
                view.Key, FeatureView.ImpressionOf(spec),
                [.. view.Value.Compute.Keys.Select(name => Define(name, _inputs[$"{view.Key}:{name}"].Computed!))])),
        ];
    }

    private static FeatureDefinition Define(string name, ComputedFeature computed) => new()
    {
        Name = name,
        Operator = FeatureOperators.Compute,
        Spec = new AggregateSpec { Name = name, Operator = FeatureOperators.Compute.Name },
        Kind = computed.Type == ExpressionType.Text ? FeatureKind.Text : FeatureKind.Number,
        Computed = computed,
    };

    private static string HashOf(Expression expression, ComputeInput[] inputs) => ContentHash.Of(Encoding.UTF8.GetBytes(
        string.Join('\n', inputs.Select(static input => $"{input.Name} {input.Hash}").Prepend($"tandem-compute 1 {expression}"))));

    private ComputeInput Input(string name) => _inputs.TryGetValue(name, out ComputeInput? input)
        ? input
        : new ComputeInput(name, _types.Find(name)!.Value)
        {
            Column = name.StartsWith(ExpressionScope.Request, StringComparison.Ordinal)
                ? name[ExpressionScope.Request.Length..]
                : null,
        };

    private void AddLeaf(string name, FeatureView view, FeatureDefinition feature)
    {
        if (_types.Find(name) is { } type && feature.Kind is FeatureKind.Number or FeatureKind.Text)
        {
            _inputs.TryAdd(name, new ComputeInput(name, type) { View = view, Feature = feature });
        }
    }

    /// <summary>Gives each table that expressions name a view of its own: the newest value of each column.</summary>
    private void AddTables()
    {
        IEnumerable<string> unknown = spec.Features.Values.SelectMany(static view => view.Compute.Values)
            .SelectMany(static expression => expression.Names).Distinct(StringComparer.Ordinal)
            .Where(name => name.Contains(':', StringComparison.Ordinal) && !_inputs.ContainsKey(name)
                && !_types.ComputeOrder.Contains(name, StringComparer.Ordinal));
        foreach (IGrouping<string, string[]> columns in unknown.Select(static name => name.Split(':', 2))
            .GroupBy(static parts => parts[0], StringComparer.Ordinal))
        {
            FeatureViewSpec table = new()
            {
                Entity = spec.Sources[columns.Key].Entities[0],
                Source = columns.Key,
                Aggregates =
                [
                    .. columns.Select(static parts => new AggregateSpec
                    {
                        Name = parts[1], Operator = "last", Column = parts[1],
                    }),
                ],
            };
            if (FeatureView.Compile(columns.Key, table, spec, faults) is { } view)
            {
                foreach (FeatureDefinition feature in view.Features)
                {
                    AddLeaf($"{view.Name}:{feature.Name}", view, feature);
                }
            }
        }
    }
}
