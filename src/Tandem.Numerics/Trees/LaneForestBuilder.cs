namespace Tandem.Numerics.Trees;

/// <summary>Gathers trees into a <see cref="LaneForest"/>: splits in any order, then the tree's end.</summary>
public sealed class LaneForestBuilder
{
    private readonly List<int> _starts = [0];
    private readonly List<Node> _nodes = [];
    private readonly List<float> _leaves = [];
    private readonly List<uint> _sets = [];
    private readonly List<int> _setStarts = [];
    private readonly List<Node> _tree = [];

    /// <summary>Adds a split by a number: left where the value is at most the threshold.</summary>
    /// <param name="slot">Slot of the value.</param>
    /// <param name="threshold">The threshold.</param>
    /// <param name="sendsMissingLeft">Where NaN goes.</param>
    /// <param name="leftLeaves">Bits of the leaves on its left, numbered from the left.</param>
    public void AddSplit(int slot, float threshold, bool sendsMissingLeft, uint leftLeaves) =>
        _tree.Add(new Node(sendsMissingLeft ? 0 : 1, slot, threshold, ~leftLeaves, []));

    /// <summary>Adds a split by a set: left where it holds the value's category.</summary>
    /// <param name="slot">Slot of the value.</param>
    /// <param name="set">The set, as <see cref="CategorySet"/>.</param>
    /// <param name="leftLeaves">Bits of the leaves on its left.</param>
    public void AddSplit(int slot, ReadOnlySpan<uint> set, uint leftLeaves) =>
        _tree.Add(new Node(2, slot, 0, ~leftLeaves, set.ToArray()));

    /// <summary>Ends a tree.</summary>
    /// <param name="leaves">What its leaves give, from the left, 1 to 32.</param>
    public void EndTree(ReadOnlySpan<float> leaves)
    {
        ArgumentOutOfRangeException.ThrowIfZero(leaves.Length, nameof(leaves));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leaves.Length, LaneForest.LeafCount, nameof(leaves));
        for (int kind = 0; kind <= 2; kind++)
        {
            foreach (Node node in _tree.Where(node => node.Kind == kind).OrderBy(static node => node.Slot))
            {
                _nodes.Add(node);
                _setStarts.Add(_sets.Count);
                _sets.AddRange(node.Set);
            }

            _starts.Add(_nodes.Count);
        }

        for (int leaf = 0; leaf < LaneForest.LeafCount; leaf++)
        {
            _leaves.Add(leaf < leaves.Length ? leaves[leaf] : 0);
        }

        _tree.Clear();
    }

    /// <summary>The forest.</summary>
    public LaneForest Build() => new(
        [.. _starts], [.. _nodes.Select(static node => node.Slot)], [.. _nodes.Select(static node => node.Threshold)],
        [.. _nodes.Select(static node => node.Mask)], [.. _setStarts, _sets.Count], [.. _sets], [.. _leaves]);

    private sealed record Node(int Kind, int Slot, float Threshold, uint Mask, uint[] Set);
}
