using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>The gradient of an <see cref="EmbeddingTable"/> after one step: only the rows that were met, each once.</summary>
/// <remarks>Rows belong to one of <see cref="PartCount"/> parts by their id, so that parts can be filled and applied by
/// different threads and the sums are the same for any number of them. Grows to the largest step, then allocates nothing
/// more.</remarks>
internal sealed class RowGradients
{
    /// <summary>Number of parts.</summary>
    public const int PartCount = 8;

    private readonly int[] _slots;
    private readonly Part[] _parts = new Part[PartCount];

    public RowGradients(int rowCount, int width)
    {
        _slots = new int[rowCount];
        Array.Fill(_slots, -1);
        for (int part = 0; part < PartCount; part++)
        {
            _parts[part] = new Part(width);
        }
    }

    /// <summary>Forgets one part's rows.</summary>
    public void Clear(int part)
    {
        Part own = _parts[part];
        for (int i = 0; i < own.Count; i++)
        {
            _slots[own.Ids[i]] = -1;
        }

        own.Count = 0;
    }

    /// <summary>Adds the gradients of gathered rows to one part.</summary>
    /// <param name="part">Which.</param>
    /// <param name="ids">Ids, of any part; only this part's are added.</param>
    /// <param name="gradients">One row an id.</param>
    public void Add(int part, ReadOnlySpan<int> ids, RowBuffer gradients)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] % PartCount == part)
            {
                Kernel.AddScaled(1, gradients.Row(i), RowOf(part, ids[i]));
            }
        }
    }

    /// <summary>Adds the gradients of the means of bags to one part.</summary>
    /// <param name="part">Which.</param>
    /// <param name="ids">Ids of all bags, of any part; only this part's are added.</param>
    /// <param name="starts">Where each bag begins, length bags + 1.</param>
    /// <param name="gradients">One row a bag.</param>
    public void AddBags(int part, ReadOnlySpan<int> ids, ReadOnlySpan<int> starts, RowBuffer gradients)
    {
        for (int bag = 0; bag + 1 < starts.Length; bag++)
        {
            int count = starts[bag + 1] - starts[bag];
            foreach (int id in ids.Slice(starts[bag], count))
            {
                if (id % PartCount == part)
                {
                    Kernel.AddScaled(1f / count, gradients.Row(bag), RowOf(part, id));
                }
            }
        }
    }

    /// <summary>Adds the gradients of weighted sums of rows to one part.</summary>
    /// <param name="part">Which.</param>
    /// <param name="ids">Ids of all sums, of any part; only this part's are added.</param>
    /// <param name="factors">Factor of each.</param>
    /// <param name="starts">Where each sum begins, length sums + 1.</param>
    /// <param name="gradients">One row a sum.</param>
    public void AddSums(
        int part, ReadOnlySpan<int> ids, ReadOnlySpan<float> factors, ReadOnlySpan<int> starts, RowBuffer gradients)
    {
        for (int sum = 0; sum + 1 < starts.Length; sum++)
        {
            for (int i = starts[sum]; i < starts[sum + 1]; i++)
            {
                if (ids[i] % PartCount == part)
                {
                    Kernel.AddScaled(factors[i], gradients.Row(sum), RowOf(part, ids[i]));
                }
            }
        }
    }

    /// <summary>The sum of squares of one part, for clipping.</summary>
    public double SumOfSquares(int part)
    {
        double sum = 0;
        Part own = _parts[part];
        for (int i = 0; i < own.Count; i++)
        {
            sum += Kernel.Dot(own.Row(i), own.Row(i));
        }

        return sum;
    }

    /// <summary>Steps the rows of one part; rows that were not met stay as they are.</summary>
    /// <param name="part">Which.</param>
    /// <param name="table">The table.</param>
    /// <param name="optimiser">The optimiser of the table's values.</param>
    /// <param name="scale">Factor of the gradients, such as that of clipping.</param>
    public void Apply(int part, EmbeddingTable table, Optimiser optimiser, float scale = 1)
    {
        Part own = _parts[part];
        for (int i = 0; i < own.Count; i++)
        {
            if (scale != 1)
            {
                Kernel.Scale(scale, own.Row(i));
            }

            int start = own.Ids[i] * table.Width;
            optimiser.Update(table.Rows.Values, start, own.Row(i), decays: true);
        }
    }

    /// <summary>Copies what was summed up into a whole table of gradients; for tests and small tables.</summary>
    public void CopyTo(Matrix target)
    {
        Array.Clear(target.Values);
        foreach (Part own in _parts)
        {
            for (int i = 0; i < own.Count; i++)
            {
                own.Row(i).CopyTo(target.Row(own.Ids[i]));
            }
        }
    }

    private Span<float> RowOf(int part, int id)
    {
        Part own = _parts[part];
        if (_slots[id] < 0)
        {
            _slots[id] = own.Append(id);
        }

        return own.Row(_slots[id]);
    }

    private sealed class Part(int width)
    {
        private float[] _values = [];

        public int[] Ids { get; private set; } = [];

        public int Count { get; set; }

        public Span<float> Row(int slot) => _values.AsSpan(slot * width, width);

        public int Append(int id)
        {
            if (Count == Ids.Length)
            {
                int[] ids = Ids;
                Array.Resize(ref ids, Math.Max(64, 2 * Count));
                Ids = ids;
                Array.Resize(ref _values, ids.Length * width);
            }

            Ids[Count] = id;
            Row(Count).Clear();
            return Count++;
        }
    }
}
