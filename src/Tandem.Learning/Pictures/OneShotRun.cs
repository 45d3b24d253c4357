using Tandem.Numerics;

namespace Tandem.Learning.Pictures;

/// <summary>Questions that are asked together: which of the known pictures shows what this one shows?</summary>
/// <param name="Known">Embeddings of one picture of each class, a row each.</param>
/// <param name="Asked">Embeddings of the pictures that are asked about, a row each.</param>
/// <param name="Answers">Row of the right known picture for each of them.</param>
public sealed record OneShotRun(Matrix Known, Matrix Asked, int[] Answers)
{
    /// <summary>Share of the questions that the nearest by inner product answers wrongly. A tie is wrong.</summary>
    public double ErrorRate()
    {
        Matrix likeness = new(Known.RowCount, Asked.RowCount);
        MatrixProduct.Multiply(
            new MatrixView(Known.Values, Known.RowCount, Known.ColumnCount),
            new MatrixView(Asked.Values, Asked.RowCount, Asked.ColumnCount).Transposed, likeness.Values);
        int wrong = 0;
        for (int question = 0; question < Answers.Length; question++)
        {
            float right = likeness.Row(Answers[question])[question];
            bool isWrong = false;
            for (int row = 0; row < Known.RowCount; row++)
            {
                isWrong |= row != Answers[question] && !(likeness.Row(row)[question] < right);
            }

            wrong += isWrong ? 1 : 0;
        }

        return (double)wrong / Answers.Length;
    }
}
