namespace Tandem.Numerics;

/// <summary>Keeps the best of a stream of scored ids: highest score first, equal scores by the lowest id.</summary>
/// <remarks>A buffer of twice the wanted number, thinned out by quickselect when it is full: O(1) a number on average.
/// Reusable; allocates only when more are wanted than ever before. Not thread safe.</remarks>
public sealed class BestList
{
    private const int Slack = 64;

    private ulong[] _keys = [];
    private int _wanted;
    private int _count;
    private int _room;

    /// <summary>The score of the worst that is kept once as many as wanted are there, until then negative infinity. A score
    /// below it never gets in, so that a scan need not offer it.</summary>
    public float Threshold { get; private set; } = float.NegativeInfinity;

    /// <summary>How many are kept.</summary>
    internal int Wanted => _wanted;

    /// <summary>Begins anew.</summary>
    /// <param name="wanted">How many to keep, ≥ 0.</param>
    public void Reset(int wanted)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wanted);
        _wanted = wanted;
        _count = 0;
        _room = checked((2 * wanted) + Slack);
        if (_keys.Length < _room)
        {
            _keys = new ulong[_room];
        }

        Threshold = wanted == 0 ? float.PositiveInfinity : float.NegativeInfinity;
    }

    /// <summary>Offers a number.</summary>
    /// <param name="score">Any number but NaN.</param>
    /// <param name="id">Its id, ≥ 0.</param>
    public void Add(float score, int id)
    {
        // Bits of a float sort as it does once those of negative ones are turned; adding zero makes −0 a plain zero.
        int bits = BitConverter.SingleToInt32Bits(score + 0f);
        uint rising = (uint)(bits ^ ((bits >> 31) & int.MaxValue)) ^ 0x8000_0000u;
        _keys[_count++] = ((ulong)rising << 32) | ~(uint)id;
        if (_count == _room)
        {
            Thin();
        }
    }

    /// <summary>Ends the stream and gives what is kept, best first.</summary>
    /// <param name="ids">Receives the ids; at least as long as what is wanted or was offered.</param>
    /// <param name="scores">Receives their scores; as long, or empty where nobody asks.</param>
    /// <returns>How many there are.</returns>
    public int Finish(Span<int> ids, Span<float> scores)
    {
        Thin();
        Span<ulong> kept = _keys.AsSpan(0, _count);
        kept.Sort();
        for (int i = 0; i < kept.Length; i++)
        {
            ulong key = kept[^(i + 1)];
            ids[i] = (int)~(uint)key;
            if (!scores.IsEmpty)
            {
                scores[i] = ScoreOf(key);
            }
        }

        return kept.Length;
    }

    private static float ScoreOf(ulong key)
    {
        int bits = (int)((uint)(key >> 32) ^ 0x8000_0000u);
        return BitConverter.Int32BitsToSingle(bits ^ ((bits >> 31) & int.MaxValue));
    }

    private void Thin()
    {
        if (_count < _wanted || _wanted == 0)
        {
            _count = Math.Min(_count, _wanted);
            return;
        }

        if (_count > _wanted)
        {
            Select(_keys.AsSpan(0, _count), _wanted - 1);
            _count = _wanted;
        }

        ulong worst = ulong.MaxValue;
        foreach (ulong key in _keys.AsSpan(0, _count))
        {
            worst = Math.Min(worst, key);
        }

        Threshold = ScoreOf(worst);
    }

    /// <summary>Moves the largest keys to the front, up to and with the one at a place.</summary>
    private static void Select(Span<ulong> keys, int place)
    {
        int low = 0;
        int high = keys.Length - 1;
        while (low < high)
        {
            ulong pivot = keys[(low + high) >> 1];
            int i = low;
            int j = high;
            while (i <= j)
            {
                while (keys[i] > pivot)
                {
                    i++;
                }

                while (keys[j] < pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (keys[i], keys[j]) = (keys[j], keys[i]);
                    i++;
                    j--;
                }
            }

            if (place <= j)
            {
                high = j;
            }
            else if (place >= i)
            {
                low = i;
            }
            else
            {
                return;
            }
        }
    }
}
