using Tandem.Learning.Descent;
using Tandem.Numerics;

namespace Tandem.Learning.SkipGram;

/// <summary>Draws items to stand against a context, from the context's block: by a power of popularity, or from the
/// group of an item.</summary>
internal sealed class NegativeItems
{
    private readonly double[] _weights;
    private readonly double[] _sums;
    private readonly int[] _groups;
    private Strata? _strata;

    /// <param name="rows">Rows that are counted, and the groups of items.</param>
    /// <param name="countExponent">Power of a count that an item is drawn by.</param>
    public NegativeItems(Interactions rows, double countExponent)
    {
        _groups = rows.ItemGroups;
        _sums = new double[rows.ItemCount];
        _weights = new double[rows.ItemCount];
        foreach (int item in rows.Items)
        {
            _weights[item]++;
        }

        foreach (ref double weight in _weights.AsSpan())
        {
            weight = weight == 0 ? 0 : Math.Pow(weight, countExponent);
        }
    }

    /// <summary>Prepares the blocks of an epoch: their items in order of group, and running sums.</summary>
    public void Prepare(Strata strata)
    {
        _strata = strata;
        for (int block = 0; block < strata.BlockCount; block++)
        {
            Span<int> items = strata.ColumnsOf(block);
            if (_groups.Length > 0)
            {
                items.Sort((a, b) => _groups[a] != _groups[b] ? _groups[a].CompareTo(_groups[b]) : a.CompareTo(b));
            }

            double sum = 0;
            for (int i = 0; i < items.Length; i++)
            {
                sum += _weights[items[i]];
                _sums[strata.StartOf(block) + i] = sum;
            }
        }
    }

    /// <summary>Draws an item of a block by its popularity.</summary>
    public int Draw(int block, ref SeededRandom random)
    {
        ReadOnlySpan<int> items = _strata!.ColumnsOf(block);
        ReadOnlySpan<double> sums = _sums.AsSpan(_strata.StartOf(block), items.Length);
        double at = random.NextDouble() * sums[^1];
        int first = 0;
        int last = items.Length - 1;
        while (first < last)
        {
            int middle = (first + last) / 2;
            if (sums[middle] > at)
            {
                last = middle;
            }
            else
            {
                first = middle + 1;
            }
        }

        return items[first];
    }

    /// <summary>Draws an item of a block and of the group of another item, all alike; -1 where there is
    /// none.</summary>
    public int DrawOfGroup(int item, int block, ref SeededRandom random)
    {
        ReadOnlySpan<int> items = _strata!.ColumnsOf(block);
        int first = FirstOf(items, _groups[item]);
        int count = FirstOf(items, _groups[item] + 1) - first;
        return count == 0 ? -1 : items[first + random.NextInt(count)];
    }

    private int FirstOf(ReadOnlySpan<int> items, int group)
    {
        int first = 0;
        int end = items.Length;
        while (first < end)
        {
            int middle = (first + end) / 2;
            if (_groups[items[middle]] < group)
            {
                first = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        return first;
    }
}
