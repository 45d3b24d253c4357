using Tandem.Learning.Files;

namespace Tandem.Learning.Inputs;

/// <summary>Which numbered input each part of a row is, and with what value: a number is standardised, and where it is missing
/// an input of its own says so; a category is an input; a sparse column is one.</summary>
/// <remarks>In the order of the columns, dense ones first: a number takes two inputs (its value, that it is missing), a column
/// of c categories c + 1 (the last for a missing or unknown one), a sparse column one. Immutable.</remarks>
public sealed class RowInputs
{
    private readonly int[] _first;
    private readonly int[] _categories;
    private readonly int[] _fields;
    private readonly int[] _fieldOfDenseInput;
    private readonly float[] _means;
    private readonly float[] _scales;
    private readonly int[] _misses;

    private RowInputs(int sparseCount, int[] categories, int[] fields, float[] means, float[] scales, int[] misses)
    {
        _categories = categories;
        _fields = fields;
        _means = means;
        _scales = scales;
        _misses = misses;
        NumberCount = categories.Count(static count => count == 0) + misses.Sum();
        SparseCount = sparseCount;
        _first = new int[categories.Length + 1];
        List<int> owners = [];
        for (int column = 0; column < categories.Length; column++)
        {
            int width = categories[column] == 0 ? 2 : categories[column] + 1;
            _first[column + 1] = checked(_first[column] + width);
            owners.AddRange(Enumerable.Repeat(fields.Length == 0 ? column : fields[column], width));
        }

        _fieldOfDenseInput = [.. owners];
        Count = checked(_first[^1] + sparseCount);
        FieldCount = fields.Length == 0
            ? categories.Length + (sparseCount > 0 ? 1 : 0)
            : fields.Max() + 1;
    }

    /// <summary>Length of the dense part of a row.</summary>
    public int DenseCount => _categories.Length;

    /// <summary>Number of columns that the sparse part of a row may name.</summary>
    public int SparseCount { get; }

    /// <summary>Number of inputs.</summary>
    public int Count { get; }

    /// <summary>Number of fields.</summary>
    public int FieldCount { get; }

    /// <summary>Inputs of rows whose numbers are of the order of 1 already, as encoders leave them: nothing is
    /// standardised.</summary>
    /// <param name="denseCount">Length of the dense part.</param>
    /// <param name="sparseCount">Number of sparse columns.</param>
    /// <param name="fields">As <see cref="LabelledRows.Fields"/>.</param>
    public static RowInputs AsTheyAre(int denseCount, int sparseCount, int[]? fields = null) => new(
        sparseCount, new int[denseCount], fields ?? [], new float[denseCount],
        [.. Enumerable.Repeat(1f, denseCount)], new int[denseCount]);

    /// <summary>Inputs of rows like these: numbers are brought to mean 0 and deviation 1 over them.</summary>
    /// <param name="rows">The rows.</param>
    public static RowInputs Of(LabelledRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int[] categories = rows.Categories.Length == 0 ? new int[rows.DenseCount] : rows.Categories;
        float[] means = new float[rows.DenseCount];
        float[] scales = new float[rows.DenseCount];
        int[] misses = new int[rows.DenseCount];
        for (int column = 0; column < rows.DenseCount; column++)
        {
            if (categories[column] == 0)
            {
                (means[column], scales[column], misses[column]) = Standard(rows, column);
            }
        }

        return new RowInputs(rows.SparseCount, categories, rows.Fields, means, scales, misses);
    }

    /// <summary>Field of an input.</summary>
    /// <param name="input">Its number.</param>
    public int FieldOf(int input) =>
        input < _fieldOfDenseInput.Length ? _fieldOfDenseInput[input]
        : _fields.Length == 0 ? DenseCount
        : _fields[DenseCount + input - _fieldOfDenseInput.Length];

    /// <summary>Adds the inputs of a row; a standardised 0 adds nothing.</summary>
    /// <param name="rows">Rows of this width.</param>
    /// <param name="row">Which.</param>
    /// <param name="target">Receives them.</param>
    /// <param name="hasNumbers">False to leave numbers out.</param>
    internal void AddTo(EntryRows target, in FeatureRows rows, int row, bool hasNumbers = true)
    {
        ReadOnlySpan<float> dense = rows.Dense.Slice(row * DenseCount, DenseCount);
        for (int column = 0; column < dense.Length; column++)
        {
            int categories = _categories[column];
            if (categories > 0)
            {
                // Also where it is no number, or not whole: what is compared with NaN is false.
                bool isKnown = dense[column] >= 0 && dense[column] < categories;
                target.Add(_first[column] + (isKnown ? (int)dense[column] : categories), 1);
            }
            else if (hasNumbers)
            {
                float value = StandardOf(column, dense[column]);
                if (value != 0)
                {
                    target.Add(_first[column] + (float.IsNaN(value) ? 1 : 0), float.IsNaN(value) ? 1 : value);
                }
            }
        }

        if (!rows.Starts.IsEmpty)
        {
            int start = rows.Starts[row];
            target.Add(rows.Starts[row + 1] - start, out Span<int> columns, out Span<float> values);
            rows.Values.Slice(start, values.Length).CopyTo(values);
            ReadOnlySpan<int> own = rows.Columns.Slice(start, columns.Length);
            int first = _first[^1];
            for (int i = 0; i < own.Length && i < columns.Length; i++)
            {
                columns[i] = first + own[i];
            }
        }
    }

    /// <summary>Number of numbers of a row that <see cref="WriteNumbers"/> gives.</summary>
    internal int NumberCount { get; }

    /// <summary>Fields of the inputs that are no numbers.</summary>
    internal IReadOnlyList<int> CategoryFields() =>
    [
        .. Enumerable.Range(0, DenseCount).Where(column => _categories[column] > 0).Select(column => _first[column])
            .Concat(Enumerable.Range(_first[^1], SparseCount)).Select(FieldOf).Distinct().Order(),
    ];

    /// <summary>Writes the numbers of a row: of each column that is no category its standardised value, 0 where it is missing;
    /// behind it, where any was missing when the columns were measured, 1 where it is, else 0.</summary>
    internal void WriteNumbers(Span<float> target, in FeatureRows rows, int row)
    {
        ReadOnlySpan<float> dense = rows.Dense.Slice(row * DenseCount, DenseCount);
        int at = 0;
        for (int column = 0; column < dense.Length; column++)
        {
            if (_categories[column] == 0)
            {
                float value = StandardOf(column, dense[column]);
                target[at++] = float.IsNaN(value) ? 0 : value;
                if (_misses[column] > 0)
                {
                    target[at++] = float.IsNaN(value) ? 1 : 0;
                }
            }
        }
    }

    internal ModelArray[] ToArrays() =>
    [
        new("categories", _categories), new("fields", _fields), new("means", _means), new("scales", _scales),
        new("misses", _misses),
    ];

    internal static RowInputs Load(ModelContent content)
    {
        int dense = content.Count("dense");
        int sparse = content.Count("sparse");
        int[] categories = content.Wholes("categories", dense);
        int[] misses = content.Wholes("misses", dense);
        int[] fields = content.Wholes("fields", content.LengthOf("fields") == 0 ? 0 : (long)dense + sparse);
        long inputs = sparse + categories.Sum(static count => (long)Math.Max(2, count + 1L));
        return categories.Any(static count => count < 0) || fields.Any(static field => field < 0) || inputs > int.MaxValue
            || misses.AsSpan().ContainsAnyExceptInRange(0, 1)
            ? throw ModelContent.Damaged("its columns do not fit together")
            : new RowInputs(
                sparse, categories, fields, content.Floats("means", dense), content.Floats("scales", dense),
                misses);
    }

    private float StandardOf(int column, float value) => (value - _means[column]) * _scales[column];

    private static (float Mean, float Scale, int Misses) Standard(LabelledRows rows, int column)
    {
        double sum = 0;
        double squares = 0;
        long count = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            double value = rows.Dense[((long)row * rows.DenseCount) + column];
            if (!double.IsNaN(value))
            {
                sum += value;
                count++;
            }
        }

        double mean = sum / Math.Max(1, count);
        for (int row = 0; row < rows.Count; row++)
        {
            double value = rows.Dense[((long)row * rows.DenseCount) + column];
            squares += double.IsNaN(value) ? 0 : (value - mean) * (value - mean);
        }

        double deviation = Math.Sqrt(squares / Math.Max(1, count));

        // Of a column that never changes nothing is read, not even what rounding leaves of it.
        float scale = deviation > 1e-6 * Math.Abs(mean) ? (float)(1 / deviation) : 0;
        return ((float)mean, scale, count < rows.Count ? 1 : 0);
    }
}
