using System.Globalization;
using System.IO.Compression;
using Tandem.Learning.Inputs;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Learning.Tests;

/// <summary>Reads the public tables beside the project as rows of features.</summary>
internal static class SharedTables
{
    private const string Duration = "duration";

    /// <summary>Calls of a bank and who took the offer: ten numbers and ten texts, without the length of the call, which is
    /// known only after it.</summary>
    public static LabelledRows Bank()
    {
        using ZipArchive archive = ZipFile.OpenRead(SharedData.Find("data/bank-marketing/bank-additional.zip"));
        ZipArchiveEntry file = archive.Entries.First(static entry => entry.Name == "bank-additional-full.csv");
        using StreamReader lines = new(file.Open());
        string[] names = Cut(lines.ReadLine()!);
        List<string[]> rows = [];
        while (lines.ReadLine() is { } line)
        {
            rows.Add(Cut(line));
        }

        int[] kept = [.. Enumerable.Range(0, names.Length - 1).Where(column => names[column] != Duration)];
        float[] dense = new float[rows.Count * kept.Length];
        int[] categories = new int[kept.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            Dictionary<string, int> numbers = new(StringComparer.Ordinal);
            bool isNumber = rows.All(row => float.TryParse(row[kept[i]], CultureInfo.InvariantCulture, out _));
            for (int row = 0; row < rows.Count; row++)
            {
                string text = rows[row][kept[i]];
                numbers.TryAdd(text, numbers.Count);
                dense[(row * kept.Length) + i] = isNumber ? float.Parse(text, CultureInfo.InvariantCulture) : numbers[text];
            }

            categories[i] = isNumber ? 0 : numbers.Count;
        }

        return Of(dense, kept.Length, [.. rows.Select(static row => row[^1] == "yes" ? 1f : 0)]) with { Categories = categories };
    }

    /// <summary>Collisions of particles, label first.</summary>
    public static LabelledRows Higgs(string file)
    {
        using StreamReader lines = new(new GZipStream(
            File.OpenRead(SharedData.Find($"data/lightgbm-ltr/{file}")), CompressionMode.Decompress));
        List<float[]> rows = [];
        while (lines.ReadLine() is { } line)
        {
            rows.Add([.. line.Split('\t').Select(static text => float.Parse(text, CultureInfo.InvariantCulture))]);
        }

        return Of([.. rows.SelectMany(static row => row[1..])], rows[0].Length - 1, [.. rows.Select(static row => row[0])]);
    }

    /// <summary>The rows as sparse ones of standardised numbers and of categories, each a column: what reads neither raw
    /// numbers nor categories.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="measured">The rows whose means and deviations count.</param>
    public static LabelledRows Encode(LabelledRows rows, LabelledRows measured)
    {
        var inputs = RowInputs.Of(measured);
        EntryRows entries = new(rows.Count);
        for (int row = 0; row < rows.Count; row++)
        {
            inputs.AddTo(entries, rows.Features, row);
            entries.EndRow();
        }

        return rows with
        {
            DenseCount = 0,
            Dense = [],
            Categories = [],
            SparseCount = inputs.Count,
            Starts = [.. entries.Starts],
            Columns = [.. entries.Columns],
            Values = [.. entries.Values],
        };
    }

    /// <summary>A fifth of the rows of each class, drawn by a seed, and the rest.</summary>
    public static (LabelledRows Train, LabelledRows Test) Split(LabelledRows rows, ulong seed)
    {
        bool[] isTest = new bool[rows.Count];
        SeededRandom random = new(seed);
        foreach (float label in (float[])[0, 1])
        {
            int[] own = [.. Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] == label)];
            random.Shuffle(own);
            foreach (int row in own[..(own.Length / 5)])
            {
                isTest[row] = true;
            }
        }

        return (
            rows.Take([.. Enumerable.Range(0, rows.Count).Where(row => !isTest[row])]),
            rows.Take([.. Enumerable.Range(0, rows.Count).Where(row => isTest[row])]));
    }

    private static string[] Cut(string line) => [.. line.Split(';').Select(static text => text.Trim('"'))];

    private static LabelledRows Of(float[] dense, int width, float[] labels) => new()
    {
        DenseCount = width,
        SparseCount = 0,
        Dense = dense,
        Starts = new int[labels.Length + 1],
        Columns = [],
        Values = [],
        Labels = labels,
    };
}
