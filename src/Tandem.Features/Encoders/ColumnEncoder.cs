namespace Tandem.Features.Encoders;

/// <summary>A text as one of many columns; a missing text has one of its own. A list is a bag of them, of length
/// 1.</summary>
/// <param name="state">What was fitted.</param>
internal abstract class ColumnEncoder(EncoderState state) : FeatureEncoder(state)
{
    /// <summary>The column of a text, from 0.</summary>
    protected abstract int ColumnOf(string text);

    /// <summary>The last column is that of a missing text.</summary>
    private int Missing => SparseCount - 1;

    public override int RoomFor(ReadOnlySpan<string> texts) => Math.Max(1, texts.Length);

    public override void Encode(
        ReadOnlySpan<string> texts, Span<float> dense, int offset, ref SparseEntries sparse)
    {
        int first = sparse.Count;
        foreach (string text in texts)
        {
            sparse.Add(offset + ColumnOf(text), 1);
        }

        if (texts.IsEmpty)
        {
            sparse.Add(offset + Missing, 1);
        }
        else if (texts.Length > 1)
        {
            sparse.Bag(first);
        }
    }
}
