using Tandem.Numerics;

namespace Tandem.Learning;

/// <summary>What turns inner products of rows into cosines.</summary>
internal static class InverseNorms
{
    /// <summary>One over the length of each row; 0 where the row is zero.</summary>
    public static float[] Of(Matrix rows)
    {
        float[] inverse = new float[rows.RowCount];
        for (int row = 0; row < inverse.Length; row++)
        {
            float square = Kernel.Dot(rows.Row(row), rows.Row(row));
            inverse[row] = square > 0 ? 1 / MathF.Sqrt(square) : 0;
        }

        return inverse;
    }

    /// <summary>The cosine of each row and one of them; that one itself comes last.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="inverse">What <see cref="Of"/> gives of them.</param>
    /// <param name="row">The one.</param>
    /// <param name="cosines">Receives one number a row.</param>
    public static void ScoreSimilar(Matrix rows, float[] inverse, int row, Span<float> cosines)
    {
        rows.Multiply(rows.Row(row), cosines);
        MakeCosines(inverse, row, cosines);
    }

    /// <summary>Turns the products of all rows with one of them into cosines; that one itself comes last.</summary>
    /// <param name="inverse">One over the length of each.</param>
    /// <param name="row">The one.</param>
    /// <param name="products">One number a row, overwritten.</param>
    public static void MakeCosines(float[] inverse, int row, Span<float> products)
    {
        for (int other = 0; other < products.Length; other++)
        {
            products[other] *= inverse[row] * inverse[other];
        }

        products[row] = float.NegativeInfinity;
    }
}
