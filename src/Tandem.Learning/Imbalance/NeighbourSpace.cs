using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Imbalance;

/// <summary>Where rows lie when their nearest are sought: their numbers, and for each column of categories a place for each
/// that occurs, so that two that differ are as far apart as the median deviation of the numbers (SMOTE-NC).</summary>
/// <remarks>N. V. Chawla, K. W. Bowyer, L. O. Hall and W. P. Kegelmeyer, SMOTE: synthetic minority over-sampling technique,
/// 2002; section 6.1 for categories. The sparse part of a row has no place here.</remarks>
internal static class NeighbourSpace
{
    /// <summary>Places of some rows.</summary>
    /// <param name="work">The rows; the deviations are those of its positives.</param>
    /// <param name="of">Which rows.</param>
    public static Matrix Of(ImbalanceWork work, ReadOnlySpan<int> of)
    {
        LabelledRows rows = work.Rows;
        int[] numbers = [.. Enumerable.Range(0, rows.DenseCount).Where(column => !IsCategory(rows, column))];
        if (numbers.Length == 0)
        {
            throw new TandemException(LearningErrors.NoDistance(work.Method, "the rows have no column of numbers"));
        }

        if (rows.Dense.AsSpan().Contains(float.NaN))
        {
            int column = Array.FindIndex(rows.Dense, float.IsNaN) % rows.DenseCount;
            throw new TandemException(LearningErrors.NoDistance(
                work.Method, string.Create(
                    System.Globalization.CultureInfo.InvariantCulture, $"a value of dense column {column} is missing")));
        }

        int[] categories = [.. Enumerable.Range(0, rows.DenseCount).Where(column => IsCategory(rows, column))];
        var places = new Dictionary<float, int>[categories.Length];
        int width = numbers.Length;
        for (int i = 0; i < categories.Length; i++)
        {
            places[i] = [];
            foreach (int row in of)
            {
                width += places[i].TryAdd(Value(row, categories[i]), width) ? 1 : 0;
            }
        }

        if ((long)width * of.Length > Array.MaxLength)
        {
            throw new TandemException(LearningErrors.TooManyRows(work.Method, of.Length, width));
        }

        // Two categories differ in two places: half the square each.
        float step = categories.Length == 0 ? 0 : (float)(MedianDeviation(work, numbers) / Math.Sqrt(2));
        Matrix space = new(of.Length, width);
        for (int i = 0; i < of.Length; i++)
        {
            Span<float> place = space.Row(i);
            for (int column = 0; column < numbers.Length; column++)
            {
                place[column] = Value(of[i], numbers[column]);
            }

            for (int column = 0; column < categories.Length; column++)
            {
                place[places[column][Value(of[i], categories[column])]] = step;
            }
        }

        return space;

        float Value(int row, int column) => rows.Dense[(row * rows.DenseCount) + column];
    }

    /// <summary>True where a dense column holds categories.</summary>
    public static bool IsCategory(LabelledRows rows, int column) =>
        rows.Categories.Length > 0 && rows.Categories[column] > 0;

    private static double MedianDeviation(ImbalanceWork work, int[] numbers)
    {
        double[] deviations = new double[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            double sum = 0;
            double squares = 0;
            double first = Value(work.Positives[0]);
            foreach (int row in work.Positives)
            {
                double value = Value(row) - first;
                sum += value;
                squares += value * value;
            }

            double mean = sum / work.Positives.Length;
            deviations[i] = Math.Sqrt(Math.Max(0, (squares / work.Positives.Length) - (mean * mean)));

            double Value(int row) => work.Rows.Dense[(row * work.Rows.DenseCount) + numbers[i]];
        }

        Array.Sort(deviations);
        int middle = deviations.Length / 2;
        return deviations.Length % 2 == 1 ? deviations[middle] : (deviations[middle - 1] + deviations[middle]) / 2;
    }
}
