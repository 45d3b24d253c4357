using Tandem.Numerics;

namespace Tandem.Learning.Neighbours;

/// <summary>Adds up one sparse row of unknown shape: a dense sum and a list of what was touched. One a
/// worker.</summary>
internal sealed class RowAccumulator(int itemCount)
{
    private readonly float[] _sums = new float[itemCount];
    private readonly bool[] _isTouched = new bool[itemCount];
    private readonly int[] _touched = new int[itemCount];
    private int _count;
    private float[] _weights = new float[256];
    private int[] _chosen = new int[256];

    /// <summary>Adds a weight to an item of the row.</summary>
    public void Add(int item, float weight)
    {
        if (!_isTouched[item])
        {
            _isTouched[item] = true;
            _touched[_count++] = item;
        }

        _sums[item] += weight;
    }

    /// <summary>Ends the row: multiplies each sum by its item's factor, keeps the heaviest neighbours (ties to the
    /// lowest item), in order of item, leaves out the row's own item, and starts anew.</summary>
    public void Finish(
        int self, float rowFactor, ReadOnlySpan<float> itemFactors, int keep, List<int> items, List<float> weights)
    {
        Span<int> touched = _touched.AsSpan(0, _count);
        touched.Sort();
        if (_weights.Length < _count)
        {
            _weights = new float[_touched.Length];
            _chosen = new int[_touched.Length];
        }

        for (int i = 0; i < _count; i++)
        {
            int item = touched[i];
            _weights[i] = item == self ? float.NegativeInfinity : _sums[item] * rowFactor * itemFactors[item];
            _sums[item] = 0;
            _isTouched[item] = false;
        }

        if (keep > 0 && keep < _count)
        {
            int chosenCount = TopK.Select(_weights.AsSpan(0, _count), _chosen.AsSpan(0, keep));
            Span<int> chosen = _chosen.AsSpan(0, chosenCount);
            chosen.Sort();
            foreach (int place in chosen)
            {
                items.Add(touched[place]);
                weights.Add(_weights[place]);
            }
        }
        else
        {
            for (int i = 0; i < _count; i++)
            {
                if (touched[i] != self)
                {
                    items.Add(touched[i]);
                    weights.Add(_weights[i]);
                }
            }
        }

        _count = 0;
    }
}
