using Tandem.Learning.Inputs;
using Tandem.Numerics;

namespace Tandem.Learning.TwoTower;

/// <content>How vectors of many items are computed.</content>
public sealed partial class TwoTowerModel
{
    private delegate void AddEntries(int at, ref SeededRandom random, EntryRows entries);

    /// <summary>The vectors of items in states of the past.</summary>
    internal Matrix VectorsOf(
        TwoTowerExamples examples, int[] states, FitContext context, CancellationToken cancellationToken) => ItemVectorsOf(
            _itemTower, states.Length,
            (int at, ref SeededRandom random, EntryRows entries) => examples.AddState(states[at], ref random, entries), context,
            cancellationToken);

    private static Matrix ItemVectorsOf(
        Tower tower, int count, AddEntries add, FitContext context, CancellationToken cancellationToken)
    {
        Matrix vectors = new(count, tower.Factors);
        ParallelChunks.Run(
            count,
            TowerBlock.Rows,
            context.ThreadCount,
            () => new TowerBlock(tower, TowerBlock.Rows, learns: false),
            (block, _, start, end) =>
            {
                SeededRandom unused = new(0);
                block.Entries.Clear();
                for (int at = start; at < end; at++)
                {
                    add(at, ref unused, block.Entries);
                }

                block.Forward();
                block.Vectors.Values.CopyTo(vectors.Values.AsSpan(start * tower.Factors));
            },
            cancellationToken);
        return vectors;
    }
}
