namespace Tandem.Numerics.Trees;

/// <summary>A set of categories: one bit for each number from 0.</summary>
public static class CategorySet
{
    /// <summary>True where the set holds a category; false for NaN and whatever is below 0 or beyond the set.</summary>
    /// <param name="words">The bits, the lowest first.</param>
    /// <param name="category">Number of the category; a fraction is cut off.</param>
    public static bool Holds(ReadOnlySpan<uint> words, float category) =>
        category >= 0 && category < words.Length * 32f
            && ((words[(int)category >> 5] >> ((int)category & 31)) & 1) != 0;
}
