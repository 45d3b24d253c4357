using System.Runtime.Intrinsics;

namespace Tandem.Numerics.Codes;

/// <summary>Inner products of a block of sixteen vectors with one query or four, as one instruction set does them. All give
/// the same numbers: sums of integers.</summary>
internal interface IBlockMath
{
    /// <summary>True where it takes magnitudes and masks, false where it takes the codes as they are.</summary>
    static abstract bool TakesPairs { get; }

    /// <summary>Sixteen inner products, the first eight low.</summary>
    /// <param name="codes">The block's codes.</param>
    /// <param name="groups">Groups of four dimensions.</param>
    /// <param name="words">The query's words, or its pairs.</param>
    /// <param name="bias">The bias that goes with them.</param>
    /// <param name="low">Products of vectors 0 to 7.</param>
    /// <param name="high">Products of vectors 8 to 15.</param>
    static abstract void One(
        ref readonly byte codes, int groups, ref readonly int words, int bias, out Vector256<int> low,
        out Vector256<int> high);

    /// <summary>The same for four queries, whose words lie interleaved.</summary>
    static abstract void Four(
        ref readonly byte codes, int groups, ref readonly int words, Vector128<int> bias,
        out Vector256<int> a0, out Vector256<int> a1, out Vector256<int> b0, out Vector256<int> b1,
        out Vector256<int> c0, out Vector256<int> c1, out Vector256<int> d0, out Vector256<int> d1);
}
