using Tandem.Numerics;

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
    /// <param name="filter">Which rows may be found.</param>
    /// <param name="share">Share of rows that may be found, above 0.</param>
    /// <param name="live">Share of rows that did not end, at least as much.</param>
    /// <param name="effort">How hard to look.</param>
    void Propose(NearestScratch scratch, in RowFilter filter, double share, double live, int effort);

    /// <summary>A source of the same rows that takes changes; this one stays as it is.</summary>
    /// <param name="vectors">The rows.</param>
    ICandidateSource Open(Matrix vectors);

    /// <summary>Adds a row, beside readers. Only on what <see cref="Open"/> gave.</summary>
    /// <param name="row">Its number: the next.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="rotated">The same, rotated.</param>
    /// <returns>This, or a copy with more room; readers keep theirs.</returns>
    ICandidateSource Add(int row, ReadOnlySpan<float> vector, ReadOnlySpan<float> rotated);

    /// <summary>Takes notice that a row ended, beside readers.</summary>
    /// <param name="row">Its number.</param>
    void End(int row);
}
