namespace Tandem.Numerics.Codes;

/// <summary>Vectors as bytes: x[i] ≈ scale · code[i], codes from −127 to 127, one scale a vector.</summary>
public static class ByteCodes
{
    /// <summary>Largest magnitude of a code.</summary>
    public const int Largest = 127;

    private const float Smallest = 1e-30f;

    /// <summary>Rounds a vector to codes.</summary>
    /// <param name="vector">Finite numbers, length n.</param>
    /// <param name="codes">Receives the codes, length ≥ n; what is beyond is set to 0.</param>
    /// <returns>The scale; 0 for a vector whose numbers are all below 1e-30.</returns>
    /// <exception cref="ArgumentException">There are fewer codes than numbers.</exception>
    public static float Quantise(ReadOnlySpan<float> vector, Span<sbyte> codes)
    {
        if (codes.Length < vector.Length)
        {
            throw new ArgumentException($"{codes.Length} codes for {vector.Length} numbers.", nameof(codes));
        }

        float largest = 0;
        foreach (float x in vector)
        {
            largest = MathF.Max(largest, MathF.Abs(x));
        }

        if (largest < Smallest)
        {
            codes.Clear();
            return 0;
        }

        float factor = Largest / largest;
        for (int i = 0; i < vector.Length; i++)
        {
            codes[i] = (sbyte)MathF.Round(vector[i] * factor);
        }

        codes[vector.Length..].Clear();
        return largest / Largest;
    }
}
