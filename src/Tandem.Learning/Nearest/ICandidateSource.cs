namespace Tandem.Learning.Nearest;

/// <summary>The part in which the kinds of index differ: it proposes candidates, which are then scored in
/// float32.</summary>
internal interface ICandidateSource
{
    /// <summary>Which kind.</summary>
    NearestKind Kind { get; }

    /// <summary>Range and meaning of the effort; (0, 0) where more effort changes nothing.</summary>
    (int Least, int Most) Effort { get; }

    /// <summary>Settings that are saved beside the sections.</summary>
    IReadOnlyList<KeyValuePair<string, double>> Settings { get; }

    /// <summary>The arrays that are saved.</summary>
    IReadOnlyList<NearestSection> Sections { get; }

    /// <summary>Proposes candidates for the rotated query of the scratch.</summary>
    /// <param name="scratch">The query, and the list that receives the candidates.</param>
    /// <param name="allowed">One bit an id; empty allows all.</param>
    /// <param name="share">Share of ids that are allowed, above 0.</param>
    /// <param name="effort">How hard to look.</param>
    void Propose(NearestScratch scratch, ReadOnlySpan<ulong> allowed, double share, int effort);
}
