using System.Runtime.InteropServices;

namespace Tandem.Features.Evaluation;

/// <summary>Many numbers that are read from a series at once, ordered so that what they share is computed once: the
/// events that a window sees, and what is folded over them.</summary>
internal sealed class ReadPlan
{
    /// <param name="features">The features, and the places of their values.</param>
    public ReadPlan(IEnumerable<(int Index, FeaturePlan Plan)> features)
    {
        List<FeaturePlan> sights = [];
        List<Cell> cells = [];
        foreach ((int index, FeaturePlan plan) in features
            .OrderBy(feature => feature.Plan.HalfLifeMicros).ThenBy(feature => feature.Plan.Operation)
            .ThenBy(feature => feature.Plan.Slot).ThenBy(feature => feature.Plan.Reach))
        {
            int sight = sights.FindIndex(plan.SeesAs);
            if (sight < 0)
            {
                sight = sights.Count;
                sights.Add(plan);
            }

            cells.Add(new Cell(index, plan, sight));
        }

        Cells = [.. cells];
        Sights = [.. sights];
        Steady = [.. Cells.Where(static cell => !cell.Plan.IsMoving)];
        Moving = Steady.Length == 0 ? this
            : Steady.Length == Cells.Length ? null
            : new ReadPlan(Cells.Where(static cell => cell.Plan.IsMoving).Select(static cell => (cell.Index, cell.Plan)));
    }

    /// <summary>What is read.</summary>
    public Cell[] Cells { get; }

    /// <summary>What stays as it is until an event comes, a window moves on or a time to live is over.</summary>
    public Cell[] Steady { get; }

    /// <summary>What is another at every moment; null for nothing.</summary>
    public ReadPlan? Moving { get; }

    /// <summary>A feature of each window and time to live.</summary>
    public FeaturePlan[] Sights { get; }

    /// <summary>A feature, the place of its value, and the index of what it sees.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Cell(int Index, FeaturePlan Plan, int Sight);
}
