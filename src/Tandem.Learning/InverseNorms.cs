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
}
