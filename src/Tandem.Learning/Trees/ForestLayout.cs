using Tandem.Numerics.Trees;

namespace Tandem.Learning.Trees;

/// <summary>A forest laid out for scoring: the columns that it asks for in slots, small trees for sixteen rows at once, and
/// large ones to be walked.</summary>
internal sealed class ForestLayout
{
    private readonly Forest _forest;
    private readonly int[] _denseColumns;
    private readonly int[] _slotOfSparse;
    private readonly int[] _slotOfNode;
    private readonly LaneForest _lanes;
    private readonly int[] _laneStarts;
    private readonly int[][] _large;

    public ForestLayout(Forest forest, int denseCount, int sparseCount, int outputCount)
    {
        _forest = forest;
        int[] used = [.. forest.Columns.Where(static column => column >= 0).Distinct().Order()];
        _denseColumns = [.. used.Where(column => column < denseCount)];
        _slotOfSparse = new int[sparseCount];
        Array.Fill(_slotOfSparse, -1);
        Dictionary<int, int> slots = [];
        foreach (int column in used)
        {
            if (column >= denseCount)
            {
                _slotOfSparse[column - denseCount] = slots.Count;
            }

            slots[column] = slots.Count;
        }

        SlotCount = slots.Count;
        _slotOfNode = [.. forest.Columns.Select(column => column < 0 ? -1 : slots[column])];
        LaneForestBuilder lanes = new();
        _laneStarts = new int[outputCount + 1];
        _large = new int[outputCount][];
        int[][] trees =
        [
            .. Enumerable.Range(0, outputCount).Select(output =>
                Enumerable.Range(0, forest.TreeCount).Where(tree => forest.Outputs[tree] == output).ToArray()),
        ];
        for (int output = 0; output < outputCount; output++)
        {
            int[] small = [.. trees[output].Where(tree => LeavesOf(tree) <= LaneForest.LeafCount)];
            _large[output] = [.. trees[output].Where(tree => LeavesOf(tree) > LaneForest.LeafCount)];
            _laneStarts[output + 1] = _laneStarts[output] + small.Length;
            foreach (int tree in small)
            {
                List<float> leaves = [];
                _ = AddNode(lanes, tree, 0, leaves);
                lanes.EndTree([.. leaves]);
            }
        }

        _lanes = lanes.Build();
    }

    /// <summary>Number of columns that any tree asks for.</summary>
    public int SlotCount { get; }

    /// <summary>Puts the values of up to sixteen rows into lanes.</summary>
    public void Fill(in FeatureRows rows, int row, int count, float[] values)
    {
        int width = rows.Count == 0 ? 0 : rows.Dense.Length / rows.Count;
        if (SlotCount > _denseColumns.Length)
        {
            Array.Clear(values, _denseColumns.Length * LaneForest.Lanes, (SlotCount - _denseColumns.Length) * LaneForest.Lanes);
        }

        for (int lane = 0; lane < count; lane++)
        {
            ReadOnlySpan<float> dense = rows.Dense.Slice((row + lane) * width, width);
            int at = lane;
            foreach (int column in _denseColumns)
            {
                values[at] = dense[column];
                at += LaneForest.Lanes;
            }

            if (rows.Starts.IsEmpty)
            {
                continue;
            }

            for (int i = rows.Starts[row + lane]; i < rows.Starts[row + lane + 1]; i++)
            {
                int slot = _slotOfSparse[rows.Columns[i]];
                if (slot >= 0)
                {
                    values[(slot * LaneForest.Lanes) + lane] = rows.Values[i];
                }
            }
        }
    }

    /// <summary>Adds what the trees of one score give.</summary>
    public void Add(int output, int count, float[] values, float[] sums)
    {
        _lanes.Add(values, _laneStarts[output], _laneStarts[output + 1], sums);
        foreach (int tree in _large[output])
        {
            int root = _forest.Starts[tree];
            for (int lane = 0; lane < count; lane++)
            {
                int node = root;
                while (_forest.Columns[node] >= 0)
                {
                    float value = values[(_slotOfNode[node] * LaneForest.Lanes) + lane];
                    node = root + (_forest.GoesLeft(node, value) ? _forest.Lefts[node] : _forest.Rights[node]);
                }

                sums[lane] += _forest.Values[node];
            }
        }
    }

    private int LeavesOf(int tree) =>
        _forest.Columns.AsSpan(_forest.Starts[tree], _forest.Starts[tree + 1] - _forest.Starts[tree]).Count(-1);

    /// <summary>Adds the splits below a node.</summary>
    /// <returns>Bits of the leaves below it.</returns>
    private uint AddNode(LaneForestBuilder lanes, int tree, int node, List<float> leaves)
    {
        int at = _forest.Starts[tree] + node;
        if (_forest.Columns[at] < 0)
        {
            leaves.Add(_forest.Values[at]);
            return 1u << (leaves.Count - 1);
        }

        uint left = AddNode(lanes, tree, _forest.Lefts[at], leaves);
        uint right = AddNode(lanes, tree, _forest.Rights[at], leaves);
        if (_forest.IsByCategory(at))
        {
            lanes.AddSplit(_slotOfNode[at], _forest.SetOf(at), left);
        }
        else
        {
            lanes.AddSplit(_slotOfNode[at], _forest.Values[at], _forest.SendsMissingLeft(at), left);
        }

        return left | right;
    }
}
