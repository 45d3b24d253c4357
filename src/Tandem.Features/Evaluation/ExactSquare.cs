using System.Globalization;

namespace Tandem.Features.Evaluation;

/// <summary>Sums of squares of <see cref="ExactNumber"/>s that add without rounding: 256-bit whole multiples of 2⁻¹²⁰.
/// Variances are therefore the same in every order of arrival, and lose nothing where values lie close together.</summary>
/// <remarks>Arithmetic wraps around at 2²⁵⁶; what is asked for at the end, a sum of squared deviations, fits as long as
/// it comes from fewer than 2²⁷ of the largest values.</remarks>
internal readonly record struct ExactSquare(UInt128 High, UInt128 Low)
{
    private const double Unit = 1.0 / ((double)(1L << 60) * (1L << 60));
    private const double High2 = 340282366920938463463374607431768211456.0;

    public static ExactSquare operator +(ExactSquare left, ExactSquare right)
    {
        UInt128 low = left.Low + right.Low;
        return new ExactSquare(left.High + right.High + (low < left.Low ? UInt128.One : UInt128.Zero), low);
    }

    public static ExactSquare operator -(ExactSquare left, ExactSquare right) =>
        new(left.High - right.High - (left.Low < right.Low ? UInt128.One : UInt128.Zero), left.Low - right.Low);

    /// <summary>Squares a number.</summary>
    public static ExactSquare Of(Int128 number) => Multiply(Magnitude(number), Magnitude(number));

    /// <summary>Gives the population variance of values, from their number, sum and sum of squares.</summary>
    public static double Variance(int count, Int128 sum, ExactSquare squares)
    {
        // With m the mean rounded down to a whole multiple of 2⁻⁶⁰ and d = Σx − n·m, 0 ≤ d < n:
        // Σ(x − m)² = Σx² − m·Σx − m·d, and the mean lies d/n above m.
        Int128 mean = sum / count;
        mean -= mean * count > sum ? Int128.One : Int128.Zero;
        Int128 rest = sum - (mean * count);
        ExactSquare around = squares - Signed(mean, sum) - Signed(mean, rest);
        double aroundMean = ((double)around.High * High2) + (double)around.Low;
        double offset = (double)rest / count;
        return Math.Max(0, ((aroundMean / count) - (offset * offset)) * Unit);
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x}:{Low:x32}");

    private static UInt128 Magnitude(Int128 number) => (UInt128)(number < 0 ? -number : number);

    private static ExactSquare Signed(Int128 left, Int128 right)
    {
        ExactSquare product = Multiply(Magnitude(left), Magnitude(right));
        return left < 0 == right < 0 ? product : default(ExactSquare) - product;
    }

    private static ExactSquare Multiply(UInt128 left, UInt128 right)
    {
        UInt128 leftLow = (ulong)left;
        UInt128 leftHigh = left >> 64;
        UInt128 rightLow = (ulong)right;
        UInt128 rightHigh = right >> 64;
        UInt128 low = leftLow * rightLow;
        UInt128 middle = (leftHigh * rightLow) + (low >> 64);
        UInt128 other = (leftLow * rightHigh) + (ulong)middle;
        return new ExactSquare(
            (leftHigh * rightHigh) + (middle >> 64) + (other >> 64), (other << 64) | (ulong)low);
    }
}
