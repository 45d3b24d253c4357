using Tandem.Learning.Files;
using Tandem.Numerics.Trees;

namespace Tandem.Learning.Trees;

/// <summary>Trees as arrays of nodes, each tree's root first and every child behind its parent.</summary>
internal sealed class Forest
{
    private const int SendsMissingLeftFlag = 1;
    private const int ByCategoryFlag = 2;

    /// <summary>First node of each tree, length trees + 1.</summary>
    public required int[] Starts { get; init; }

    /// <summary>Which score each tree adds to.</summary>
    public required int[] Outputs { get; init; }

    /// <summary>Column that a node splits by, the sparse ones after the dense; −1 for a leaf.</summary>
    public required int[] Columns { get; init; }

    /// <summary>A split's threshold, or what a leaf gives.</summary>
    public required float[] Values { get; init; }

    /// <summary>Left child, counted from the tree's root.</summary>
    public required int[] Lefts { get; init; }

    /// <summary>Right child, counted from the tree's root.</summary>
    public required int[] Rights { get; init; }

    /// <summary>Bit 0: a missing value goes left. Bit 1: the split is by a set of categories.</summary>
    public required int[] Flags { get; init; }

    /// <summary>Sum of the second derivatives of the rows that came by.</summary>
    public required float[] Covers { get; init; }

    /// <summary>How far a split lowered the loss.</summary>
    public required float[] Gains { get; init; }

    /// <summary>First word of each node's set, length nodes + 1.</summary>
    public required int[] SetStarts { get; init; }

    /// <summary>The sets, see <see cref="CategorySet"/>.</summary>
    public required uint[] Sets { get; init; }

    public int TreeCount => Outputs.Length;

    public bool SendsMissingLeft(int node) => (Flags[node] & SendsMissingLeftFlag) != 0;

    public bool IsByCategory(int node) => (Flags[node] & ByCategoryFlag) != 0;

    public ReadOnlySpan<uint> SetOf(int node) => Sets.AsSpan(SetStarts[node], SetStarts[node + 1] - SetStarts[node]);

    /// <summary>True where a value goes left.</summary>
    public bool GoesLeft(int node, float value) =>
        IsByCategory(node) ? CategorySet.Holds(SetOf(node), value)
        : float.IsNaN(value) ? SendsMissingLeft(node)
        : value <= Values[node];

    public static int FlagsOf(bool sendsMissingLeft, bool isByCategory) =>
        (sendsMissingLeft ? SendsMissingLeftFlag : 0) | (isByCategory ? ByCategoryFlag : 0);

    public ModelArray[] ToArrays() =>
    [
        new("tree_starts", Starts), new("tree_outputs", Outputs), new("columns", Columns), new("values", Values),
        new("lefts", Lefts), new("rights", Rights), new("flags", Flags), new("covers", Covers), new("gains", Gains),
        new("set_starts", SetStarts), new("sets", [.. Sets.Select(static word => unchecked((int)word))]),
    ];

    /// <summary>Reads the arrays back, and checks that every walk ends.</summary>
    public static Forest Read(ModelContent content, int columnCount, int outputCount)
    {
        int trees = content.Count("trees");
        int nodes = content.Count("nodes");
        Forest forest = new()
        {
            Starts = content.Wholes("tree_starts", trees + 1L),
            Outputs = content.Wholes("tree_outputs", trees),
            Columns = content.Wholes("columns", nodes),
            Values = content.Floats("values", nodes),
            Lefts = content.Wholes("lefts", nodes),
            Rights = content.Wholes("rights", nodes),
            Flags = content.Wholes("flags", nodes),
            Covers = content.Floats("covers", nodes),
            Gains = content.Floats("gains", nodes),
            SetStarts = content.Wholes("set_starts", nodes + 1L),
            Sets = [.. content.Wholes("sets", content.LengthOf("sets")).Select(static word => unchecked((uint)word))],
        };
        return forest.IsSound(columnCount, outputCount)
            ? forest
            : throw ModelContent.Damaged("a node of a tree leads nowhere");
    }

    /// <summary>True where each node but a root is the child of one node before it, and everything is in its range.</summary>
    public bool IsSound(int columnCount, int outputCount)
    {
        if (Starts[0] != 0 || Starts[^1] != Columns.Length || SetStarts[0] != 0 || SetStarts[^1] != Sets.Length
            || Outputs.AsSpan().ContainsAnyExceptInRange(0, outputCount - 1)
            || Columns.AsSpan().ContainsAnyExceptInRange(-1, columnCount - 1)
            || Values.Any(static value => !float.IsFinite(value)))
        {
            return false;
        }

        bool isSound = true;
        for (int tree = 0; isSound && tree < TreeCount; tree++)
        {
            int size = Starts[tree + 1] - Starts[tree];
            isSound = size > 0;
            bool[] isChild = new bool[Math.Max(size, 0)];
            for (int node = 0; isSound && node < size; node++)
            {
                int at = Starts[tree] + node;
                isSound = SetStarts[at] <= SetStarts[at + 1] && (node == 0 || isChild[node])
                    && (Columns[at] < 0 || (Marks(isChild, node, Lefts[at]) && Marks(isChild, node, Rights[at])));
            }
        }

        return isSound;
    }

    private static bool Marks(bool[] isChild, int node, int child)
    {
        if (child <= node || child >= isChild.Length || isChild[child])
        {
            return false;
        }

        return isChild[child] = true;
    }
}
