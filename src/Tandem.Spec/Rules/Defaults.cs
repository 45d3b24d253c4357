using Tandem.Spec.Grammar;

namespace Tandem.Spec.Rules;

/// <summary>Fills in the defaults that depend on other parts of the design.</summary>
internal static class Defaults
{
    private static readonly string[] Entities = ["user", "item"];

    public static SystemSpec Complete(SystemSpec spec, Places places, SpecVocabulary vocabulary) => spec with
    {
        Entities = CompleteEntities(spec),
        Sources = spec.Sources.ToDictionary(
            static source => source.Key, static source => CompleteSource(source.Value), StringComparer.Ordinal),
        Model = places.IsGiven("model", "retrieve")
            ? spec.Model
            : spec.Model with
            {
                Retrieve = ModelChoiceShape.Complete(
                    spec.Model.Retrieve.Kind, spec.Model.Retrieve.Parameters, vocabulary.Models),
            },
        Training = spec.Training with { Split = CompleteSplit(spec, places) },
        Evaluation = CompleteEvaluation(spec, places),
    };

    private static Dictionary<string, EntitySpec> CompleteEntities(SystemSpec spec)
    {
        Dictionary<string, EntitySpec> entities = new(spec.Entities, StringComparer.Ordinal);
        if (entities.Count == 0)
        {
            foreach (string name in Entities)
            {
                entities.Add(name, new EntitySpec());
            }
        }

        foreach (string name in entities.Keys)
        {
            entities[name] = entities[name] with { Table = entities[name].Table ?? OnlyTable(spec, name) };
        }

        return entities;
    }

    /// <summary>Each table can say that an entity is gone.</summary>
    private static SourceSpec CompleteSource(SourceSpec source)
    {
        if (source.Kind != SourceKind.Table || source.Columns.ContainsKey(SourceSpec.DeletedColumn))
        {
            return source;
        }

        return source with
        {
            Columns = new Dictionary<string, ColumnSpec>(source.Columns, StringComparer.Ordinal)
            {
                [SourceSpec.DeletedColumn] = new() { Type = ColumnType.Flag },
            },
        };
    }

    private static string? OnlyTable(SystemSpec spec, string entity)
    {
        string[] tables =
        [
            .. spec.Sources
                .Where(source => source.Value.Kind == SourceKind.Table
                    && source.Value.Entities.Contains(entity, StringComparer.Ordinal))
                .Select(static source => source.Key),
        ];
        return tables.Length == 1 ? tables[0] : null;
    }

    private static SplitSpec CompleteSplit(SystemSpec spec, Places places)
    {
        bool isGiven = places.IsGiven("training", "split", "by") || places.At("training", "split") is Yaml.ScalarNode;
        return isGiven || !spec.IsTabular
            ? spec.Training.Split
            : spec.Training.Split with
            {
                By = spec.Objective.Label.Group is not null ? SplitSpec.Groups
                    : spec.Sources.GetValueOrDefault(spec.Objective.Label.Event) is { HasTimes: true } ? SplitSpec.Time
                    : SplitSpec.Random,
            };
    }

    /// <summary>Models of rows are measured against the same for all; of a treatment, against targeting at random.</summary>
    private static bool HasConstant(SystemSpec spec) => spec.IsTabular && spec.Objective.Task != LearningTask.Uplift;

    private static EvaluationSpec CompleteEvaluation(SystemSpec spec, Places places)
    {
        EvaluationSpec evaluation = spec.Evaluation;
        if (LearningTask.Find(spec.Objective.Task) is not { } task)
        {
            return evaluation;
        }

        if (!places.IsGiven("evaluation", "metrics"))
        {
            evaluation = evaluation with { Metrics = task.IsOrdered && spec.IsTabular ? LearningTask.Graded : task.Metrics };
        }

        if (!places.IsGiven("evaluation", "baselines") && (spec.IsTabular || !task.IsOrdered))
        {
            evaluation = evaluation with { Baselines = HasConstant(spec) ? [LearningTask.Constant] : [] };
        }

        GateSpec gate = evaluation.Gate;
        if (!places.IsGiven("evaluation", "gate", "metric")
            && !evaluation.Metrics.Contains(gate.Metric, StringComparer.Ordinal))
        {
            gate = gate with { Metric = evaluation.Metrics.Count > 0 ? evaluation.Metrics[0] : gate.Metric };
        }

        if (!places.IsGiven("evaluation", "gate", "beats") && (spec.IsTabular || !task.IsOrdered))
        {
            gate = gate with { Beats = HasConstant(spec) ? LearningTask.Constant : LearningTask.None };
        }

        return evaluation with { Gate = gate };
    }
}
