namespace Tandem.Spec;

/// <summary>A system as its designer wrote it: all of tandem.yaml, validated, with every default filled in.</summary>
public sealed record SystemSpec
{
    /// <summary>Name of the system: lower-case letters, digits and hyphens, 1 to 63.</summary>
    public required string Name { get; init; }

    /// <summary>Where everything durable lives: a folder relative to the file, or <c>s3://bucket/prefix</c>.</summary>
    public string Store { get; init; } = ".tandem";

    /// <summary>The raw log: <c>file</c>, or <c>amqp://…</c>.</summary>
    public string Journal { get; init; } = "file";

    /// <summary>What the system is for.</summary>
    public required ObjectiveSpec Objective { get; init; }

    /// <summary>True where the answer is the probability of a positive, not a list.</summary>
    public bool IsPredicted => Objective.Task == "binary";

    /// <summary>What it must reach.</summary>
    public RequirementsSpec Requirements { get; init; } = new();

    /// <summary>The table that describes an entity: the one it names, or the only one about it; null where there is none,
    /// or several.</summary>
    /// <param name="entity">The entity.</param>
    public string? TableOf(string entity)
    {
        if (Entities.TryGetValue(entity, out EntitySpec? spec) && spec.Table is { } named)
        {
            return Sources.ContainsKey(named) ? named : null;
        }

        string[] tables =
        [
            .. Sources.Where(source => source.Value.Kind == SourceKind.Table
                && source.Value.Entities.Contains(entity, StringComparer.Ordinal)).Select(static source => source.Key),
        ];
        return tables.Length == 1 ? tables[0] : null;
    }

    /// <summary>True where each row of the label's source is an example: its own columns are features and label. Without
    /// impressions, a task that orders needs <see cref="LabelSpec.Group"/> to be one, and uplift
    /// <see cref="ObjectiveSpec.Treatment"/>.</summary>
    public bool IsTabular => LearningTask.Find(Objective.Task) is { IsOfRows: true } task
        && Objective.Label is { Impression: null } label && (!task.IsOrdered || label.Group is not null)
        && (task.Name != LearningTask.Uplift || Objective.Treatment is not null);

    /// <summary>Entities by name; <c>user</c> and <c>item</c> unless said otherwise.</summary>
    public IReadOnlyDictionary<string, EntitySpec> Entities { get; init; } =
        new Dictionary<string, EntitySpec>(StringComparer.Ordinal);

    /// <summary>Sources by name: event types and tables.</summary>
    public required IReadOnlyDictionary<string, SourceSpec> Sources { get; init; }

    /// <summary>Feature views by name.</summary>
    public IReadOnlyDictionary<string, FeatureViewSpec> Features { get; init; } =
        new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal);

    /// <summary>Encoders by name of the feature, <c>view:feature</c>; others are encoded as their kind suggests.</summary>
    public IReadOnlyDictionary<string, EncoderSpec> Encoders { get; init; } =
        new Dictionary<string, EncoderSpec>(StringComparer.Ordinal);

    /// <summary>What is fitted.</summary>
    public ModelSpec Model { get; init; } = new();

    /// <summary>How and when it is fitted.</summary>
    public TrainingSpec Training { get; init; } = new();

    /// <summary>How it is judged.</summary>
    public EvaluationSpec Evaluation { get; init; } = new();

    /// <summary>How it answers.</summary>
    public ServingSpec Serving { get; init; } = new();

    /// <summary>What is watched.</summary>
    public MonitoringSpec Monitoring { get; init; } = new();
}
