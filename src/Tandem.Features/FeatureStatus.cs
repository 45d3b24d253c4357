namespace Tandem.Features;

/// <summary>Whether a feature has a value, and why it has none.</summary>
public enum FeatureStatus
{
    /// <summary>It has one.</summary>
    Present = 0,

    /// <summary>Events about the entity are known, and none gives it one: they lie outside of its window, or do not name
    /// its column.</summary>
    NullValue = 1,

    /// <summary>No event that it reads is known about the entity.</summary>
    NotFound = 2,

    /// <summary>The newest event is older than the view's time to live.</summary>
    OutsideMaxAge = 3,
}
