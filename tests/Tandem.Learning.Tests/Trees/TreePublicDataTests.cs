using System.Globalization;
using System.IO.Compression;
using Tandem.Numerics;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Learning.Tests.Trees;

/// <summary>Boosted trees on the public examples of LightGBM, against figures of others.</summary>
public sealed class TreePublicDataTests(ITestOutputHelper output)
{
    private const string Folder = "data/lightgbm-ltr/";

    /// <summary>Scikit-learn's boosted trees reach 0.8313.</summary>
    [SharedDataFact]
    public void Higgs_AtTheDefaults_ReachesTheMeasuredAuc()
    {
        LabelledRows train = ReadTable("binary.train.gz");
        LabelledRows test = ReadTable("binary.test.gz");

        double area = RowEvaluation.Measure(RowScores.Of(Fit(train), test), "roc_auc");

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"AUC {area:F4}"));
        Assert.InRange(area, 0.825, 1);
    }

    /// <summary>Five folds of queries: the order that was learned as an order beats grades learned as numbers.</summary>
    [SharedDataFact]
    public void Ranking_ByLambdas_BeatsNumbers()
    {
        LabelledRows rows = ReadRanking();

        double[] lambdas = CrossValidate(rows, new RowTarget(RowTargetKind.Order));
        double[] numbers = CrossValidate(rows, new RowTarget(RowTargetKind.Number));

        output.WriteLine($"lambdas {Text(lambdas)}; numbers {Text(numbers)}");
        Assert.True(lambdas[3] > numbers[3] - 0.01, $"{Text(lambdas)} and {Text(numbers)}");
    }

    /// <summary>Mean NDCG@1, 3, 5 and 10 over five folds of whole queries.</summary>
    internal static double[] CrossValidate(
        LabelledRows rows, RowTarget target, params (string Name, double Value)[] settings)
    {
        int[] places = [1, 3, 5, 10];
        double[] sums = new double[places.Length];
        int queries = rows.Groups[^1] + 1;
        int[] foldOf = new int[queries];
        SeededRandom random = new(seed: 7);
        for (int query = 0; query < queries; query++)
        {
            int other = random.NextInt(query + 1);
            foldOf[query] = foldOf[other];
            foldOf[other] = query;
        }

        for (int fold = 0; fold < 5; fold++)
        {
            int[] train = [.. Enumerable.Range(0, rows.Count).Where(row => foldOf[rows.Groups[row]] % 5 != fold)];
            int[] test = [.. Enumerable.Range(0, rows.Count).Where(row => foldOf[rows.Groups[row]] % 5 == fold)];
            LabelledRows held = rows.Take(test);
            float[] scores = TreeRows.Score(Fit(rows.Take(train) with { Target = target }, settings), held);
            foreach (IGrouping<int, int> query in Enumerable.Range(0, held.Count).GroupBy(row => held.Groups[row]))
            {
                float[] found = [.. query.OrderByDescending(row => scores[row]).Select(row => held.Labels[row])];
                float[] best = [.. found.OrderDescending()];
                for (int i = 0; i < places.Length; i++)
                {
                    sums[i] += best[0] > 0 ? Gain(found, places[i]) / Gain(best, places[i]) : 1;
                }
            }
        }

        return [.. sums.Select(sum => sum / queries)];
    }

    internal static LabelledRows ReadRanking()
    {
        List<int> columns = [];
        List<float> values = [];
        List<int> starts = [0];
        List<float> labels = [];
        foreach (string line in Lines("rank.train.gz"))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            labels.Add(float.Parse(parts[0], CultureInfo.InvariantCulture));
            foreach (string[] pair in parts.Skip(1).Select(static part => part.Split(':')))
            {
                columns.Add(int.Parse(pair[0], CultureInfo.InvariantCulture));
                values.Add(float.Parse(pair[1], CultureInfo.InvariantCulture));
            }

            starts.Add(columns.Count);
        }

        int[] sizes =
        [
            .. File.ReadAllLines(SharedData.Find(Folder + "rank.train.query"))
                .Select(static line => int.Parse(line, CultureInfo.InvariantCulture)),
        ];
        return new LabelledRows
        {
            DenseCount = 0,
            SparseCount = 301,
            Dense = [],
            Starts = [.. starts],
            Columns = [.. columns],
            Values = [.. values],
            Target = new RowTarget(RowTargetKind.Order),
            Labels = [.. labels],
            Groups = [.. sizes.SelectMany(static (size, query) => Enumerable.Repeat(query, size))],
        };
    }

    internal static LabelledRows ReadTable(string name)
    {
        float[][] table =
        [
            .. Lines(name).Select(static line =>
                line.Split('\t').Select(static part => float.Parse(part, CultureInfo.InvariantCulture)).ToArray()),
        ];
        return TreeRows.From(
            [.. table.SelectMany(static row => row[1..])], table[0].Length - 1, table.Select(static row => row[0]),
            RowTarget.Binary);
    }

    internal static IRowScorer Fit(LabelledRows rows, params (string Name, double Value)[] settings) =>
        ModelCatalogue.Default.FindRows("boosted_trees").Fit(
            rows, settings.ToDictionary(static pair => pair.Name, static pair => pair.Value, StringComparer.Ordinal),
            new FitContext(), CancellationToken.None);

    private static IEnumerable<string> Lines(string name)
    {
        using StreamReader lines = new(
            new GZipStream(File.OpenRead(SharedData.Find(Folder + name)), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static double Gain(float[] grades, int places) =>
        grades.Take(places).Select(static (grade, place) => (Math.Pow(2, grade) - 1) / Math.Log2(place + 2)).Sum();

    private static string Text(double[] figures) =>
        string.Join(' ', figures.Select(static figure => figure.ToString("F4", CultureInfo.InvariantCulture)));
}
