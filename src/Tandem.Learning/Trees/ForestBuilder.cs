namespace Tandem.Learning.Trees;

/// <summary>Grows a <see cref="Forest"/> node by node.</summary>
internal sealed class ForestBuilder
{
    private readonly List<int> _starts = [0];
    private readonly List<int> _outputs = [];
    private readonly List<int> _columns = [];
    private readonly List<float> _values = [];
    private readonly List<int> _lefts = [];
    private readonly List<int> _rights = [];
    private readonly List<int> _flags = [];
    private readonly List<float> _covers = [];
    private readonly List<float> _gains = [];
    private readonly List<uint[]> _sets = [];

    public ForestBuilder()
    {
    }

    /// <summary>Begins with the trees of a former forest.</summary>
    public ForestBuilder(Forest former)
    {
        _starts = [.. former.Starts];
        _outputs = [.. former.Outputs];
        _columns = [.. former.Columns];
        _values = [.. former.Values];
        _lefts = [.. former.Lefts];
        _rights = [.. former.Rights];
        _flags = [.. former.Flags];
        _covers = [.. former.Covers];
        _gains = [.. former.Gains];
        _sets = [.. Enumerable.Range(0, former.Columns.Length).Select(node => former.SetOf(node).ToArray())];
    }

    public int TreeCount => _outputs.Count;

    /// <summary>Adds a leaf to the tree under way.</summary>
    /// <returns>Its number in the tree.</returns>
    public int AddLeaf(float value, float cover)
    {
        _columns.Add(-1);
        _values.Add(value);
        _lefts.Add(0);
        _rights.Add(0);
        _flags.Add(0);
        _covers.Add(cover);
        _gains.Add(0);
        _sets.Add([]);
        return _columns.Count - 1 - _starts[^1];
    }

    public void SetLeaf(int node, float value, float cover)
    {
        _values[_starts[^1] + node] = value;
        _covers[_starts[^1] + node] = cover;
    }

    /// <summary>Gives the splits of the tree under way the sums of their leaves' covers.</summary>
    public void SumCovers()
    {
        // Children stand behind their parents.
        for (int at = _columns.Count - 1; at >= _starts[^1]; at--)
        {
            if (_columns[at] >= 0)
            {
                _covers[at] = _covers[_starts[^1] + _lefts[at]] + _covers[_starts[^1] + _rights[at]];
            }
        }
    }

    /// <summary>Turns a leaf of the tree under way into a split.</summary>
    /// <param name="node">The leaf.</param>
    /// <param name="column">Column to split by.</param>
    /// <param name="threshold">Greatest value that goes left.</param>
    /// <param name="sendsMissingLeft">Where NaN goes.</param>
    /// <param name="set">Categories that go left, or null for a split by the threshold.</param>
    /// <param name="gain">How far it lowers the loss.</param>
    /// <param name="left">Left child.</param>
    /// <param name="right">Right child.</param>
    public void Split(
        int node, int column, float threshold, bool sendsMissingLeft, uint[]? set, float gain, int left, int right)
    {
        int at = _starts[^1] + node;
        _columns[at] = column;
        _values[at] = set is null ? threshold : 0;
        _flags[at] = Forest.FlagsOf(sendsMissingLeft && set is null, set is not null);
        _gains[at] = gain;
        _sets[at] = set ?? [];
        _lefts[at] = left;
        _rights[at] = right;
    }

    public void EndTree(int output)
    {
        _starts.Add(_columns.Count);
        _outputs.Add(output);
    }

    /// <summary>Forgets the tree under way.</summary>
    public void DropTree() => Cut(_starts[^1]);

    /// <summary>Forgets all but the first trees.</summary>
    public void KeepTrees(int count)
    {
        Cut(_starts[count]);
        _starts.RemoveRange(count + 1, _starts.Count - count - 1);
        _outputs.RemoveRange(count, _outputs.Count - count);
    }

    public Forest Build()
    {
        int[] setStarts = new int[_sets.Count + 1];
        for (int node = 0; node < _sets.Count; node++)
        {
            setStarts[node + 1] = setStarts[node] + _sets[node].Length;
        }

        return new Forest
        {
            Starts = [.. _starts],
            Outputs = [.. _outputs],
            Columns = [.. _columns],
            Values = [.. _values],
            Lefts = [.. _lefts],
            Rights = [.. _rights],
            Flags = [.. _flags],
            Covers = [.. _covers],
            Gains = [.. _gains],
            SetStarts = setStarts,
            Sets = [.. _sets.SelectMany(static set => set)],
        };
    }

    private void Cut(int nodes)
    {
        int count = _columns.Count - nodes;
        _columns.RemoveRange(nodes, count);
        _values.RemoveRange(nodes, count);
        _lefts.RemoveRange(nodes, count);
        _rights.RemoveRange(nodes, count);
        _flags.RemoveRange(nodes, count);
        _covers.RemoveRange(nodes, count);
        _gains.RemoveRange(nodes, count);
        _sets.RemoveRange(nodes, count);
    }
}
