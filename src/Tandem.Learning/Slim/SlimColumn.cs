using Tandem.Numerics;

namespace Tandem.Learning.Slim;

/// <summary>Finds the weights that explain one item after another. One a worker.</summary>
internal sealed class SlimColumn
{
    private readonly SparseRows _users;
    private readonly SparseRows _items;
    private readonly SlimOptions _options;
    private readonly float[] _products;
    private readonly float[] _cosines;
    private readonly int[] _places;
    private readonly int[] _candidates;
    private readonly float[] _gram;
    private readonly float[] _target;
    private readonly float[] _weights;
    private readonly float[] _norms;

    public SlimColumn(SparseRows users, SparseRows items, SlimOptions options)
    {
        _users = users;
        _items = items;
        _options = options;
        int count = Math.Min(options.Candidates, items.RowCount);
        _products = new float[items.RowCount];
        _cosines = new float[items.RowCount];
        _places = new int[items.RowCount];
        Array.Fill(_places, -1);
        _candidates = new int[count];
        _gram = new float[count * count];
        _target = new float[count];
        _weights = new float[count];
        _norms = new float[items.RowCount];
        for (int item = 0; item < _norms.Length; item++)
        {
            _norms[item] = MathF.Sqrt(Kernel.Dot(items.ValuesOf(item), items.ValuesOf(item)));
        }
    }

    /// <summary>Solves one item and appends its weights that are not zero, in order of item.</summary>
    /// <returns>Their number.</returns>
    public int Solve(int item, List<int> columns, List<float> weights)
    {
        int count = Choose(item);
        FillGram(count);
        Descend(count);
        int before = columns.Count;
        for (int i = 0; i < count; i++)
        {
            if (_weights[i] != 0)
            {
                columns.Add(_candidates[i]);
                weights.Add(_weights[i]);
            }

            _places[_candidates[i]] = -1;
        }

        return columns.Count - before;
    }

    /// <summary>Chooses the candidates, in order of item, and their products with the item.</summary>
    /// <returns>Their number.</returns>
    private int Choose(int item)
    {
        Array.Clear(_products);
        for (int entry = _items.Starts[item]; entry < _items.Starts[item + 1]; entry++)
        {
            AddUser(_items.Columns[entry], _items.Values[entry]);
        }

        for (int other = 0; other < _products.Length; other++)
        {
            _cosines[other] = _products[other] > 0 && other != item && _norms[other] > 0
                ? _products[other] / _norms[other]
                : float.NegativeInfinity;
        }

        int count = TopK.Select(_cosines, _candidates);
        _candidates.AsSpan(0, count).Sort();
        for (int i = 0; i < count; i++)
        {
            _places[_candidates[i]] = i;
            _target[i] = _products[_candidates[i]];
        }

        return count;
    }

    private void AddUser(int user, float weight)
    {
        ReadOnlySpan<int> others = _users.ColumnsOf(user);
        ReadOnlySpan<float> values = _users.ValuesOf(user);
        for (int i = 0; i < others.Length; i++)
        {
            _products[others[i]] += weight * values[i];
        }
    }

    /// <summary>G = AᵀA of the candidates.</summary>
    private void FillGram(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Span<float> row = _gram.AsSpan(i * count, count);
            row.Clear();
            int candidate = _candidates[i];
            for (int entry = _items.Starts[candidate]; entry < _items.Starts[candidate + 1]; entry++)
            {
                int user = _items.Columns[entry];
                ReadOnlySpan<int> others = _users.ColumnsOf(user);
                ReadOnlySpan<float> values = _users.ValuesOf(user);
                for (int at = 0; at < others.Length; at++)
                {
                    int place = _places[others[at]];
                    if (place >= 0)
                    {
                        row[place] += _items.Values[entry] * values[at];
                    }
                }
            }
        }
    }

    /// <summary>Each weight in turn takes the value that is best while the others stay:
    /// w ← shrink(g − Σ G·w of the others, sparsity) / (G + regularisation).</summary>
    private void Descend(int count)
    {
        // _target holds a's product less what all weights explain: the residual's product with each candidate.
        Array.Clear(_weights);
        Span<float> residual = _target.AsSpan(0, count);
        for (int sweep = 0; sweep < _options.Sweeps; sweep++)
        {
            float change = 0;
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> row = _gram.AsSpan(i * count, count);
                float before = _weights[i];
                float after = Shrink(residual[i] + (row[i] * before)) / (row[i] + (float)_options.Regularisation);
                if (after != before)
                {
                    Kernel.AddScaled(before - after, row, residual);
                    _weights[i] = after;
                    change = Math.Max(change, Math.Abs(after - before));
                }
            }

            if (change <= _options.Tolerance)
            {
                return;
            }
        }
    }

    private float Shrink(float value)
    {
        float size = Math.Abs(value) - (float)_options.Sparsity;
        return size <= 0 || (value < 0 && _options.NonNegative) ? 0 : MathF.CopySign(size, value);
    }
}
