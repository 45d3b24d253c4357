namespace Tandem.Lake;

/// <summary>Names of the columns that every table has.</summary>
public static class LakeEnvelope
{
    /// <summary>Identity of the event: text, unique in the lake.</summary>
    public const string EventId = "event_id";

    /// <summary>Offset of the event in the journal: whole number, unique in the lake, growing with arrival.</summary>
    public const string LogPosition = "log_position";

    /// <summary>When it happened: time, or null.</summary>
    public const string EventTime = "event_time";

    /// <summary>When it became known: time.</summary>
    public const string KnownTime = "known_time";

    /// <summary>Tenant: text.</summary>
    public const string Tenant = "tenant";

    /// <summary>Request the event belongs to: text, or null.</summary>
    public const string RequestId = "request_id";

    /// <summary>Shown position, from 1: whole number, or null.</summary>
    public const string Position = "position";

    /// <summary>Probability with which the item was shown: number, or null.</summary>
    public const string Propensity = "propensity";

    /// <summary>Version of the model that decided: text, or null.</summary>
    public const string ModelVersion = "model_version";

    /// <summary>Feature values the decision used: JSON object as text, or null.</summary>
    public const string Features = "features";

    /// <summary>Data that no column holds, undeclared or of the wrong type: JSON object as text, or null.</summary>
    public const string Extra = "extra";

    /// <summary>The columns, in the order of the files; <see cref="Extra"/> is last, behind the declared
    /// ones.</summary>
    public static IReadOnlyList<LakeColumn> Columns { get; } =
    [
        new(EventId, LakeType.Text),
        new(LogPosition, LakeType.Whole),
        new(EventTime, LakeType.Time),
        new(KnownTime, LakeType.Time),
        new(Tenant, LakeType.Text),
        new(RequestId, LakeType.Text),
        new(Position, LakeType.Whole),
        new(Propensity, LakeType.Number),
        new(ModelVersion, LakeType.Text),
        new(Features, LakeType.Text),
        new(Extra, LakeType.Text),
    ];
}
