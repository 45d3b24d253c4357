using Tandem.Learning.Catalogue;
using Tandem.Learning.Imbalance;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Imbalance;

/// <summary>Rows with rare positives, and the calls that tests share.</summary>
internal static class RareRows
{
    public static LabelledRows From(float[][] dense, params int[] labels) => new()
    {
        DenseCount = dense[0].Length,
        SparseCount = 0,
        Dense = [.. dense.SelectMany(static row => row)],
        Starts = new int[dense.Length + 1],
        Columns = [],
        Values = [],
        Labels = [.. labels.Select(static label => (float)label)],
    };

    /// <summary>Rows of which about a tenth are positives, shifted to one side; the last dense column of three holds one of
    /// four categories where that is asked for.</summary>
    public static LabelledRows Make(ulong seed, int count = 400, bool hasCategories = false)
    {
        LabelledRows rows = SmallRows.Make(seed, count);
        SeededRandom random = new(seed, stream: 9);
        for (int row = 0; row < count; row++)
        {
            rows.Labels[row] = random.NextInt(10) == 0 ? 1 : 0;
            rows.Dense[row * SmallRows.Dense] += 2 * rows.Labels[row];
            if (hasCategories)
            {
                rows.Dense[(row * SmallRows.Dense) + 2] = random.NextInt(4);
            }
        }

        return hasCategories ? rows with { Categories = [0, 0, 4] } : rows;
    }

    public static ImbalanceWork Work(LabelledRows rows, string method, params (string Name, double Value)[] values) => new(
        method, rows, new ParameterValues(method, ImbalanceMethods.Find(method).Parameters, Named(values)),
        new FitContext { Seed = 7, ThreadCount = 1 }, Fit, CancellationToken.None);

    public static TrainingRows Apply(
        LabelledRows rows, string method, int threadCount, ulong seed, params (string Name, double Value)[] values) =>
        new ImbalanceChoice(method, Named(values)).Apply(
            rows, Fit, takesMissing: false, new FitContext { Seed = seed, ThreadCount = threadCount },
            CancellationToken.None);

    public static Dictionary<string, double> Named(params (string Name, double Value)[] values) =>
        values.ToDictionary(static pair => pair.Name, static pair => pair.Value, StringComparer.Ordinal);

    private static IRowScorer Fit(TrainingRows rows) => ModelCatalogue.Default.FindRows("logistic").Fit(
        rows, Named(), new FitContext { ThreadCount = 1 }, CancellationToken.None);
}
