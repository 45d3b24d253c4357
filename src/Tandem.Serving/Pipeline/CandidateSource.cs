namespace Tandem.Serving.Pipeline;

/// <summary>What proposed an item.</summary>
internal enum CandidateSource
{
    /// <summary>The champion.</summary>
    Model = 0,

    /// <summary>The fallback, where the champion had nothing.</summary>
    Fallback = 1,

    /// <summary>Chance, so that the system goes on learning about what it does not show by itself.</summary>
    Exploration = 2,
}
