using Tandem.Numerics;

namespace Tandem.Learning.Sasrec;

/// <summary>What a sequence model learns from: windows of histories, and users held out to see how well it does.</summary>
internal sealed class SequenceSet
{
    private const int MostHeldOut = 4096;
    private const int FewestHeldOut = 20;

    private readonly Interactions _rows;
    private readonly List<(int Start, int End)> _windows = [];
    private readonly List<int> _heldOut = [];

    /// <summary>Cuts histories into windows of at most <paramref name="length"/> + 1 rows, from their ends; the last row of a
    /// held-out user is in none.</summary>
    public SequenceSet(Interactions rows, int length, bool holdsOut, ulong seed)
    {
        _rows = rows;
        if (holdsOut)
        {
            HoldOut(seed);
        }

        int next = 0;
        for (int user = 0; user < rows.UserCount; user++)
        {
            bool isHeldOut = next < _heldOut.Count && _heldOut[next] == user;
            next += isHeldOut ? 1 : 0;
            int first = rows.RowStarts[user];
            int end = rows.RowStarts[user + 1] - (isHeldOut ? 1 : 0);
            while (end - first >= 2)
            {
                int start = Math.Max(first, end - length - 1);
                _windows.Add((start, end));
                end = start + 1;
            }
        }
    }

    /// <summary>Number of windows.</summary>
    public int Count => _windows.Count;

    /// <summary>Users whose last row nobody learns from; none where there are too few to tell anything.</summary>
    public IReadOnlyList<int> HeldOut => _heldOut;

    /// <summary>The items of a window; each but the last is followed by its target.</summary>
    public ReadOnlySpan<int> Window(int window)
    {
        (int start, int end) = _windows[window];
        return _rows.Items.AsSpan(start, end - start);
    }

    /// <summary>How often each item is a target, as a share of all targets.</summary>
    public float[] TargetShares()
    {
        float[] shares = new float[_rows.ItemCount];
        int count = 0;
        for (int window = 0; window < Count; window++)
        {
            foreach (int item in Window(window)[1..])
            {
                shares[item]++;
                count++;
            }
        }

        Kernel.Scale(1f / Math.Max(1, count), shares);
        return shares;
    }

    /// <summary>Holds out a fifth of the users with three rows or more, drawn, at most 4,096.</summary>
    private void HoldOut(ulong seed)
    {
        List<int> able = [];
        for (int user = 0; user < _rows.UserCount; user++)
        {
            if (_rows.ItemsOf(user).Length >= 3)
            {
                able.Add(user);
            }
        }

        int count = Math.Min(able.Count / 5, MostHeldOut);
        if (count < FewestHeldOut)
        {
            return;
        }

        SeededRandom random = new(seed, stream: 0x5E9);
        for (int i = 0; i < count; i++)
        {
            int pick = i + random.NextInt(able.Count - i);
            (able[i], able[pick]) = (able[pick], able[i]);
        }

        _heldOut.AddRange(able[..count].Order());
    }
}
