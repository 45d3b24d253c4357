using Tandem.Numerics.Trees;

namespace Tandem.Numerics.Tests.Trees;

public sealed class LaneForestTests
{
    private const int Slots = 5;

    private delegate void Adding(ReadOnlySpan<float> values, int first, int end, Span<float> sums);

    [Fact]
    public void Scores_OnAnyInstructions_EqualTheWalk()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            SeededRandom random = new(seed);
            LaneForestBuilder builder = new();
            var trees = new Node[7];
            for (int tree = 0; tree < trees.Length; tree++)
            {
                trees[tree] = Grow(ref random, 1 + random.NextInt(32));
                List<float> leaves = [];
                Put(builder, trees[tree], leaves);
                builder.EndTree([.. leaves]);
            }

            LaneForest forest = builder.Build();
            float[] values = new float[Slots * LaneForest.Lanes];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = random.NextInt(6) == 0 ? float.NaN : random.NextInt(40);
            }

            float[] expected = new float[LaneForest.Lanes];
            for (int lane = 0; lane < expected.Length; lane++)
            {
                expected[lane] = 1;
                foreach (Node tree in trees[1..])
                {
                    expected[lane] += tree.Walk(slot => values[(slot * LaneForest.Lanes) + lane]);
                }
            }

            Assert.True(expected.SequenceEqual(Sum(forest.Add)), $"seed {seed}");
            Assert.True(expected.SequenceEqual(Sum(forest.AddOneByOne)), $"one by one, seed {seed}");
            Assert.True(
                expected.SequenceEqual(Sum((all, first, end, sums) =>
                {
                    forest.AddEight(all, first, end, 0, sums);
                    forest.AddEight(all, first, end, 8, sums);
                })),
                $"by eight, seed {seed}");

            float[] Sum(Adding add)
            {
                float[] sums = [.. Enumerable.Repeat(1f, LaneForest.Lanes)];
                add(values, 1, trees.Length, sums);
                return sums;
            }
        }
    }

    [Fact]
    public void Holds_OfWhatIsNoCategory_IsFalse()
    {
        uint[] all = [uint.MaxValue, uint.MaxValue];

        Assert.True(CategorySet.Holds(all, 63));
        Assert.All(
            (float[])[64, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f],
            value => Assert.False(CategorySet.Holds(all, value)));
    }

    private static Node Grow(ref SeededRandom random, int leaves)
    {
        if (leaves == 1)
        {
            return new Node(0, 0, false, null, null, null, (float)random.NextGaussian());
        }

        int lefts = 1 + random.NextInt(leaves - 1);
        uint[]? set = random.NextInt(4) == 0 ? [(uint)random.NextBits()] : null;
        return new Node(
            random.NextInt(Slots), random.NextInt(40), random.NextInt(2) == 0, set, Grow(ref random, lefts),
            Grow(ref random, leaves - lefts), 0);
    }

    private static uint Put(LaneForestBuilder builder, Node node, List<float> leaves)
    {
        if (node.Left is null)
        {
            leaves.Add(node.Value);
            return 1u << (leaves.Count - 1);
        }

        uint left = Put(builder, node.Left, leaves);
        uint right = Put(builder, node.Right!, leaves);
        if (node.Set is not null)
        {
            builder.AddSplit(node.Slot, node.Set, left);
        }
        else
        {
            builder.AddSplit(node.Slot, node.Threshold, node.SendsMissingLeft, left);
        }

        return left | right;
    }

    /// <summary>A node of a random tree, whose leaf is found by walking.</summary>
    private sealed record Node(
        int Slot, float Threshold, bool SendsMissingLeft, uint[]? Set, Node? Left, Node? Right, float Value)
    {
        public float Walk(Func<int, float> value)
        {
            if (Left is null)
            {
                return Value;
            }

            float x = value(Slot);
            bool goesLeft = Set is not null
                ? CategorySet.Holds(Set, x)
                : float.IsNaN(x) ? SendsMissingLeft : x <= Threshold;
            return goesLeft ? Left.Walk(value) : Right!.Walk(value);
        }
    }
}
