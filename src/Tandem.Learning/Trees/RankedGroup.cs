namespace Tandem.Learning.Trees;

/// <summary>Work space: a group in the order of its scores.</summary>
internal sealed class RankedGroup(int longest)
{
    private readonly ulong[] _keys = new ulong[longest];

    public int[] Rows { get; } = new int[longest];

    public float[] Scores { get; } = new float[longest];

    public float[] Gains { get; } = new float[longest];

    public float[] First { get; } = new float[longest];

    public float[] Second { get; } = new float[longest];

    /// <summary>Puts the highest score first; equal ones stay in their order. Clears the derivatives.</summary>
    public void Sort(ReadOnlySpan<float> scores, ReadOnlySpan<float> gains)
    {
        for (int row = 0; row < scores.Length; row++)
        {
            // Bits of floats rise with the number once those of negative ones are turned; the complement puts high first.
            int bits = BitConverter.SingleToInt32Bits(scores[row] + 0f);
            uint key = (uint)(bits ^ ((bits >> 31) & int.MaxValue)) ^ 0x80000000u;
            _keys[row] = ((ulong)~key << 32) | (uint)row;
        }

        Array.Sort(_keys, 0, scores.Length);
        for (int place = 0; place < scores.Length; place++)
        {
            int row = (int)(uint)_keys[place];
            Rows[place] = row;
            Scores[place] = scores[row];
            Gains[place] = gains[row];
        }

        Array.Clear(First, 0, scores.Length);
        Array.Clear(Second, 0, scores.Length);
    }
}
