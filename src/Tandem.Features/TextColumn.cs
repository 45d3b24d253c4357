namespace Tandem.Features;

/// <summary>The values of a feature of texts over many rows: none, one or a list of texts a row.</summary>
/// <remarks>Immutable by convention: the arrays are not copied.</remarks>
public sealed class TextColumn
{
    private readonly EntityIndex _texts;
    private readonly int[] _starts;
    private readonly int[] _codes;

    /// <summary>Takes values as numbers of texts.</summary>
    /// <param name="name">Name of the feature, <c>view:feature</c>.</param>
    /// <param name="texts">The distinct texts.</param>
    /// <param name="starts">Where each row's texts begin, length rows + 1, from 0.</param>
    /// <param name="codes">Number of each text among <paramref name="texts"/>.</param>
    public TextColumn(string name, EntityIndex texts, int[] starts, int[] codes)
    {
        Name = name;
        _texts = texts;
        _starts = starts;
        _codes = codes;
    }

    /// <summary>Name of the feature, <c>view:feature</c>.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount => _starts.Length - 1;

    /// <summary>Texts over all rows.</summary>
    public int TextCount => _codes.Length;

    /// <summary>True where no row has more than one text.</summary>
    public bool IsSingle => Enumerable.Range(0, RowCount).All(row => Count(row) <= 1);

    /// <summary>Takes one text a row; null for none.</summary>
    /// <param name="name">Name of the feature, <c>view:feature</c>.</param>
    /// <param name="values">The texts.</param>
    public static TextColumn Of(string name, IReadOnlyList<string?> values) =>
        OfLists(name, [.. values.Select(static value => value is null ? (string[])[] : [value])]);

    /// <summary>Takes a list of texts a row.</summary>
    /// <param name="name">Name of the feature, <c>view:feature</c>.</param>
    /// <param name="values">The lists; an empty one for none.</param>
    public static TextColumn OfLists(string name, IReadOnlyList<IReadOnlyList<string>> values)
    {
        EntityIndex texts = new();
        int[] starts = new int[values.Count + 1];
        List<int> codes = [];
        for (int row = 0; row < values.Count; row++)
        {
            codes.AddRange(values[row].Select(text => texts.FindOrAdd(text)));
            starts[row + 1] = codes.Count;
        }

        return new TextColumn(name, texts, starts, [.. codes]);
    }

    /// <summary>Some of the rows, in the order given.</summary>
    /// <param name="rows">Indices of rows.</param>
    public TextColumn Take(ReadOnlySpan<int> rows)
    {
        int[] starts = new int[rows.Length + 1];
        List<int> codes = [];
        for (int i = 0; i < rows.Length; i++)
        {
            codes.AddRange(_codes.AsSpan(_starts[rows[i]], Count(rows[i])));
            starts[i + 1] = codes.Count;
        }

        return new TextColumn(Name, _texts, starts, [.. codes]);
    }

    /// <summary>Number of texts of a row; 0 where its value is null.</summary>
    /// <param name="row">The row.</param>
    public int Count(int row) => _starts[row + 1] - _starts[row];

    /// <summary>A text of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="index">0 to its count, exclusive; oldest first.</param>
    public string Text(int row, int index) => _texts.Text(_codes[_starts[row] + index]);
}
