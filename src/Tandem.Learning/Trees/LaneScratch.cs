using Tandem.Numerics.Trees;

namespace Tandem.Learning.Trees;

/// <summary>Work space for sixteen rows.</summary>
internal sealed class LaneScratch(int slots)
{
    /// <summary>Values, shape (slots, 16).</summary>
    public float[] Values { get; } = new float[slots * LaneForest.Lanes];

    public float[] Sums { get; } = new float[LaneForest.Lanes];
}
