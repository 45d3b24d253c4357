namespace Tandem.Features.Evaluation;

/// <summary>Numbers that add without rounding: 128-bit whole multiples of 2⁻⁶⁰. Sums are therefore the same in every
/// order, and the sum of a window is the difference of two running totals.</summary>
/// <remarks>Every double of magnitude 2⁻⁸ to 2⁵³ is represented exactly; smaller ones are rounded to a multiple of 2⁻⁶⁰
/// (8.7·10⁻¹⁹). A total stays exact below 2⁶⁷ (1.5·10²⁰).</remarks>
internal static class ExactNumber
{
    private const double Scale = 1L << 60;
    private const double Limit = 1L << 53;

    /// <summary>Converts a number, or returns false for one that is not finite or beyond ±2⁵³.</summary>
    public static bool TryFrom(double value, out Int128 exact)
    {
        // Scaling by a power of two is exact, and rounds only what lies below 2⁻⁶⁰.
        bool fits = Math.Abs(value) <= Limit;
        exact = fits ? (Int128)Math.Round(value * Scale) : Int128.Zero;
        return fits;
    }

    /// <summary>Rounds a total to the nearest double.</summary>
    public static double ToDouble(Int128 exact) => (double)exact / Scale;
}
