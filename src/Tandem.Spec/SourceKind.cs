namespace Tandem.Spec;

/// <summary>What a source holds.</summary>
public enum SourceKind
{
    /// <summary>Facts: things that happened. Event type = source name.</summary>
    Events = 0,

    /// <summary>State of an entity, with history: the last row known is the current one.</summary>
    Table = 1,
}
