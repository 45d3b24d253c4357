using Tandem.Features;
using Tandem.Learning;

namespace Tandem.Training.Tables;

/// <summary>Rows that are examples: features, label, and what they are divided by.</summary>
public sealed record RowTable
{
    /// <summary>Names of the features that are numbers.</summary>
    public required IReadOnlyList<string> Numbers { get; init; }

    /// <summary>The numbers, shape (rows, names), row-major; NaN is missing.</summary>
    public required float[] Values { get; init; }

    /// <summary>Features that are texts.</summary>
    public IReadOnlyList<TextColumn> Texts { get; init; } = [];

    /// <summary>What a label says.</summary>
    public required RowTarget Target { get; init; }

    /// <summary>The labels, shape (rows, <see cref="RowTarget.LabelCount"/>).</summary>
    public required float[] Labels { get; init; }

    /// <summary>Names of the classes, or of the heads; empty where labels are none.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>True for the rows that were treated; empty where none is a matter of treatment.</summary>
    public bool[] Treated { get; init; } = [];

    /// <summary>Number of the group of each row, rows of a group together; empty without groups.</summary>
    public int[] Groups { get; init; } = [];

    /// <summary>Moment of each row, microseconds since 1970; empty in data without times, where the order of the rows is that
    /// of time.</summary>
    public long[] Times { get; init; } = [];

    /// <summary>True for rows of the file <c>test</c>; empty where there is no such file.</summary>
    public bool[] IsTest { get; init; } = [];

    /// <summary>Columns that figures are given by, too: name, and the value of each row.</summary>
    public IReadOnlyList<(string Name, string[] Values)> Slices { get; init; } = [];

    /// <summary>Place of each row among those read, from 0; empty where they stand as they were read.</summary>
    public int[] Places { get; init; } = [];

    /// <summary>Number of rows.</summary>
    public int Count => Labels.Length / Target.LabelCount;

    /// <summary>Some of the rows, as a table of their own without parts and slices.</summary>
    /// <param name="rows">Indices of rows, rising.</param>
    internal RowTable Take(int[] rows)
    {
        float[] values = new float[(long)rows.Length * Numbers.Count];
        float[] labels = new float[rows.Length * Target.LabelCount];
        for (int i = 0; i < rows.Length; i++)
        {
            Values.AsSpan(rows[i] * Numbers.Count, Numbers.Count).CopyTo(values.AsSpan(i * Numbers.Count));
            Labels.AsSpan(rows[i] * Target.LabelCount, Target.LabelCount).CopyTo(labels.AsSpan(i * Target.LabelCount));
        }

        return this with
        {
            Values = values,
            Labels = labels,
            Texts = [.. Texts.Select(column => column.Take(rows))],
            Treated = Treated.Length == 0 ? [] : Array.ConvertAll(rows, row => Treated[row]),
            Groups = Groups.Length == 0 ? [] : Array.ConvertAll(rows, row => Groups[row]),
            Times = Times.Length == 0 ? [] : Array.ConvertAll(rows, row => Times[row]),
            IsTest = [],
            Places = [],
            Slices = [],
        };
    }

    /// <summary>One number of all rows.</summary>
    /// <param name="index">Index in <see cref="Numbers"/>.</param>
    internal float[] Column(int index)
    {
        float[] column = new float[Count];
        for (int row = 0; row < column.Length; row++)
        {
            column[row] = Values[(row * Numbers.Count) + index];
        }

        return column;
    }
}
