namespace Tandem.Features.Evaluation;

/// <summary>Keeps the best few of many numbers.</summary>
internal static class Best
{
    /// <summary>Puts a number in its place, where it is among the best; NaN never is.</summary>
    /// <param name="best">The best so far, best first; its length is how many are kept.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="number">The number.</param>
    /// <param name="prefersLarge">True where large numbers are better.</param>
    /// <returns>How many there are now.</returns>
    public static int Add(Span<double> best, int count, double number, bool prefersLarge)
    {
        int place = count;
        while (place > 0 && (prefersLarge ? number > best[place - 1] : number < best[place - 1]))
        {
            place--;
        }

        if (double.IsNaN(number) || place >= best.Length)
        {
            return count;
        }

        int kept = Math.Min(count, best.Length - 1);
        best[place..kept].CopyTo(best[(place + 1)..]);
        best[place] = number;
        return kept + 1;
    }
}
