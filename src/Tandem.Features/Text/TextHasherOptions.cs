namespace Tandem.Features.Text;

/// <summary>How texts are hashed.</summary>
public sealed record TextHasherOptions
{
    /// <summary>Length of a vector, from 2 to 16,777,216; 4,096 by default. More make it rarer that two terms share a
    /// column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside its range.</exception>
    public int ColumnCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 24);
            field = value;
        }
    } = 4096;

    /// <summary>Most words of a term, from 1 to 5; 2 by default: words and pairs of words.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside its range.</exception>
    public int MaxWords
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TextStatisticsOptions.MostWords);
            field = value;
        }
    } = 2;
}
