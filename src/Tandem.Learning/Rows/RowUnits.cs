namespace Tandem.Learning.Rows;

/// <summary>What the bootstrap draws: groups of rows where there are any, otherwise rows, each class by itself.</summary>
internal sealed class RowUnits
{
    public RowUnits(RowScores scores)
    {
        int[] groups = GroupsOf(scores);
        if (groups.Length > 0)
        {
            Dictionary<int, int> units = [];
            OfRow = new int[scores.Count];
            for (int row = 0; row < OfRow.Length; row++)
            {
                if (!units.TryGetValue(groups[row], out int unit))
                {
                    unit = units.Count;
                    units.Add(groups[row], unit);
                }

                OfRow[row] = unit;
            }

            GroupCount = units.Count;
            Count = units.Count;
        }
        else
        {
            Count = scores.Count;
            Strata = scores.Target.Kind is RowTargetKind.Binary or RowTargetKind.Multiclass
                ? [.. Enumerable.Range(0, Count).GroupBy(row => scores.Labels[row]).Select(static rows => rows.ToArray())]
                : [];
        }
    }

    /// <summary>Group of each row: rows to be ordered that name none are one group.</summary>
    public static int[] GroupsOf(RowScores scores) =>
        scores.Groups.Length == 0 && scores.Target.Kind == RowTargetKind.Order ? new int[scores.Count] : scores.Groups;

    /// <summary>Number of units.</summary>
    public int Count { get; }

    /// <summary>Number of groups; 0 where rows stand alone.</summary>
    public int GroupCount { get; }

    /// <summary>Unit of each row; empty where each row is one.</summary>
    public int[] OfRow { get; } = [];

    /// <summary>Units that are drawn among themselves; none where all are drawn together.</summary>
    public int[][] Strata { get; } = [];
}
