namespace Tandem.Features.Text;

/// <summary>Sparse vectors of texts: columns in rising order, each once, and a value for each.</summary>
public static class TextVector
{
    /// <summary>Inner product of two sparse vectors, summed in float64.</summary>
    /// <param name="columns">Columns of the first, rising.</param>
    /// <param name="values">Its values, as many.</param>
    /// <param name="otherColumns">Columns of the second, rising.</param>
    /// <param name="otherValues">Its values, as many.</param>
    /// <exception cref="ArgumentException">Columns and values differ in number.</exception>
    public static double Dot(
        ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ReadOnlySpan<int> otherColumns, ReadOnlySpan<float> otherValues)
    {
        CheckLengths(columns, values, nameof(values));
        CheckLengths(otherColumns, otherValues, nameof(otherValues));
        double sum = 0;
        for (int i = 0, j = 0; i < columns.Length && j < otherColumns.Length;)
        {
            if (columns[i] == otherColumns[j])
            {
                sum += (double)values[i++] * otherValues[j++];
            }
            else if (columns[i] < otherColumns[j])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return sum;
    }

    /// <summary>Writes a sparse vector out in full.</summary>
    /// <param name="columns">Columns.</param>
    /// <param name="values">Their values, as many.</param>
    /// <param name="dense">Room for every column; what has no value becomes 0.</param>
    /// <exception cref="ArgumentException">Columns and values differ in number.</exception>
    public static void Scatter(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> dense)
    {
        CheckLengths(columns, values, nameof(values));
        dense.Clear();
        for (int i = 0; i < columns.Length; i++)
        {
            dense[columns[i]] = values[i];
        }
    }

    /// <summary>Brings columns into rising order and adds up the values of equal ones. Values are whole numbers, so the
    /// order of adding does not show.</summary>
    /// <returns>How many columns remain.</returns>
    internal static int Merge(Span<int> columns, Span<float> values)
    {
        columns.Sort(values);
        int count = 0;
        for (int i = 0; i < columns.Length; i++)
        {
            if (count > 0 && columns[count - 1] == columns[i])
            {
                values[count - 1] += values[i];
            }
            else
            {
                columns[count] = columns[i];
                values[count++] = values[i];
            }
        }

        return count;
    }

    /// <summary>Scales to length 1; zeros stay.</summary>
    internal static void Normalise(Span<float> values)
    {
        double squares = 0;
        foreach (float value in values)
        {
            squares += (double)value * value;
        }

        double scale = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(values[i] * scale);
        }
    }

    private static void CheckLengths(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, string name)
    {
        if (columns.Length != values.Length)
        {
            throw new ArgumentException($"{columns.Length} columns have {values.Length} values.", name);
        }
    }
}
