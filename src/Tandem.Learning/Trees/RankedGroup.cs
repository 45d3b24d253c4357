namespace Tandem.Learning.Trees;

/// <summary>Work space: a group in the order of its scores.</summary>
internal sealed class RankedGroup(int longest)
{
    /// <summary>Rows below which inserting is as fast as sorting, also without an order to start from.</summary>
    private const int FewRows = 64;

    private readonly ulong[] _keys = new ulong[longest];

    public float[] Scores { get; } = new float[longest];

    public float[] Gains { get; } = new float[longest];

    public float[] First { get; } = new float[longest];

    public float[] Second { get; } = new float[longest];

    /// <summary>Puts the highest score first; equal ones stay in the order of their rows. Clears the derivatives.</summary>
    /// <param name="scores">Scores by row.</param>
    /// <param name="gains">Gains by row.</param>
    /// <param name="order">All rows, near the order of their scores where that is known; becomes that order.</param>
    public void Sort(ReadOnlySpan<float> scores, ReadOnlySpan<float> gains, Span<int> order)
    {
        Span<ulong> keys = _keys.AsSpan(0, order.Length);
        for (int place = 0; place < order.Length; place++)
        {
            // Bits of floats rise with the number once those of negative ones are turned; the complement puts high first.
            int bits = BitConverter.SingleToInt32Bits(scores[order[place]] + 0f);
            uint key = (uint)(bits ^ ((bits >> 31) & int.MaxValue)) ^ 0x80000000u;
            keys[place] = ((ulong)~key << 32) | (uint)order[place];
        }

        if (order.Length <= FewRows)
        {
            Insert(keys);
        }
        else
        {
            keys.Sort();
        }

        for (int place = 0; place < order.Length; place++)
        {
            int row = (int)(uint)keys[place];
            order[place] = row;
            Scores[place] = scores[row];
            Gains[place] = gains[row];
        }

        Array.Clear(First, 0, order.Length);
        Array.Clear(Second, 0, order.Length);
    }

    /// <summary>Sorts what is nearly sorted: scores change little from round to round.</summary>
    private static void Insert(Span<ulong> keys)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            ulong key = keys[i];
            int at = i;
            for (; at > 0 && keys[at - 1] > key; at--)
            {
                keys[at] = keys[at - 1];
            }

            keys[at] = key;
        }
    }
}
