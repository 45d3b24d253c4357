using System.Globalization;
using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Imbalance;

/// <summary>Where rows lie when their nearest are sought: their numbers, and for each of their categories a place for each
/// that occurs, so that two that differ are as far apart as the median deviation of the numbers (SMOTE-NC).</summary>
/// <remarks>N. V. Chawla, K. W. Bowyer, L. O. Hall and W. P. Kegelmeyer, SMOTE: synthetic minority over-sampling technique,
/// 2002; section 6.1 for categories. Sparse columns that stand for no category have no place here.</remarks>
internal static class NeighbourSpace
{
    // 1 GiB, and as much again to search it.
    private const long MostValues = 1L << 28;

    /// <summary>Places of some rows.</summary>
    /// <param name="work">The rows; the deviations are those of its positives.</param>
    /// <param name="of">Which rows.</param>
    public static Matrix Of(ImbalanceWork work, ReadOnlySpan<int> of)
    {
        LabelledRows rows = work.Rows;
        RowCategories categories = work.Categories;
        int[] numbers = Numbers(work);
        var places = new Dictionary<int, int>[categories.Count];
        int width = numbers.Length;
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = [];
            foreach (int row in of)
            {
                width += places[i].TryAdd(categories.Of(row)[i], width) ? 1 : 0;
            }
        }

        if ((long)width * of.Length > MostValues)
        {
            throw new TandemException(LearningErrors.TooWide(work.Method, of.Length, width));
        }

        // Two categories differ in two places: half the square each.
        float step = places.Length == 0 ? 0 : (float)(MedianDeviation(work, numbers) / Math.Sqrt(2));
        Matrix space = new(of.Length, width);
        for (int i = 0; i < of.Length; i++)
        {
            Span<float> place = space.Row(i);
            for (int column = 0; column < numbers.Length; column++)
            {
                place[column] = rows.Dense[(of[i] * rows.DenseCount) + numbers[column]];
            }

            ReadOnlySpan<int> own = categories.Of(of[i]);
            for (int column = 0; column < places.Length; column++)
            {
                place[places[column][own[column]]] = step;
            }
        }

        return space;
    }

    /// <summary>The dense columns of numbers.</summary>
    private static int[] Numbers(ImbalanceWork work)
    {
        LabelledRows rows = work.Rows;
        if (!Kernel.AllFinite(rows.Dense))
        {
            int column = Array.FindIndex(rows.Dense, float.IsNaN) % rows.DenseCount;
            throw new TandemException(LearningErrors.NoDistance(
                work.Method, string.Create(CultureInfo.InvariantCulture, $"a value of dense column {column} is missing")));
        }

        int[] numbers = [.. Enumerable.Range(0, rows.DenseCount).Where(column => !work.Categories.Dense.Contains(column))];
        return numbers.Length == 0
            ? throw new TandemException(LearningErrors.NoDistance(work.Method, "the rows have no column of numbers"))
            : numbers;
    }

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
