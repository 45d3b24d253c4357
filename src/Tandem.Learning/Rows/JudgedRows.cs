namespace Tandem.Learning.Rows;

/// <summary>Scores on their way to figures: what several metrics share is worked out once.</summary>
internal sealed class JudgedRows
{
    private BinaryColumn[]? _columns;

    public JudgedRows(RowScores scores, double threshold)
    {
        RowScores.ThrowUnlessSound(scores);
        Scores = scores;
        Threshold = threshold;
    }

    public RowScores Scores { get; }

    /// <summary>Probability from which on a row counts as predicted positive.</summary>
    public double Threshold { get; }

    /// <summary>A column for each head; one where there are no heads.</summary>
    public BinaryColumn[] Columns => _columns ??=
        [.. Enumerable.Range(0, Scores.Target.LabelCount).Select(head => new BinaryColumn(Scores, head))];

    /// <summary>Weights of the rows where each unit was drawn as often as given.</summary>
    /// <param name="drawCounts">How often each unit was drawn.</param>
    /// <param name="unitOfRow">Unit of each row; empty where each row is one.</param>
    /// <param name="weights">Receives the weights.</param>
    public void Weigh(ReadOnlySpan<int> drawCounts, ReadOnlySpan<int> unitOfRow, Span<double> weights)
    {
        float[] own = Scores.Weights;
        for (int row = 0; row < weights.Length; row++)
        {
            int draws = drawCounts[unitOfRow.IsEmpty ? row : unitOfRow[row]];
            weights[row] = own.Length == 0 ? draws : draws * (double)own[row];
        }
    }
}
