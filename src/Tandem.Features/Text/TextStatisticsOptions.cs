namespace Tandem.Features.Text;

/// <summary>Which terms of a corpus become columns.</summary>
public sealed record TextStatisticsOptions
{
    internal const int MostWords = 5;

    /// <summary>Most words of a term, from 1 to 5; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside its range.</exception>
    public int MaxWords
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostWords);
            field = value;
        }
    } = 1;

    /// <summary>A term must be in at least so many texts, ≥ 1; 2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside its range.</exception>
    public int MinDocuments
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 2;

    /// <summary>Most terms that are kept, from 1 to 10,000,000; 50,000 by default: those in most texts, of equals the
    /// first by code point.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside its range.</exception>
    public int MaxTerms
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10_000_000);
            field = value;
        }
    } = 50_000;
}
