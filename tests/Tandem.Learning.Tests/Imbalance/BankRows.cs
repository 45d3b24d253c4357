using System.Globalization;
using System.IO.Compression;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Imbalance;

/// <summary>The calls of a bank (Moro, Cortez and Rita, 2014), without the length of the call, which nobody knows before it:
/// numbers standardised, texts as columns of their own.</summary>
internal static class BankRows
{
    private static readonly string[] Numbers =
    [
        "age", "campaign", "pdays", "previous", "emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed",
    ];

    private static readonly string[] Texts =
    [
        "job", "marital", "education", "default", "housing", "loan", "contact", "month", "day_of_week", "poutcome",
    ];

    public static LabelledRows Read()
    {
        using ZipArchive zip = ZipFile.OpenRead(SharedData.Find("data/bank-marketing/bank-additional.zip"));
        using StreamReader lines = new(zip.GetEntry("bank-additional/bank-additional-full.csv")!.Open());
        string[] names = Cells(lines.ReadLine()!);
        List<string[]> rows = [];
        while (lines.ReadLine() is { Length: > 0 } line)
        {
            rows.Add(Cells(line));
        }

        float[] dense = new float[rows.Count * Numbers.Length];
        for (int i = 0; i < Numbers.Length; i++)
        {
            int column = Array.IndexOf(names, Numbers[i]);
            double[] values = [.. rows.Select(row => double.Parse(row[column], CultureInfo.InvariantCulture))];
            double mean = values.Average();
            double deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
            for (int row = 0; row < rows.Count; row++)
            {
                dense[(row * Numbers.Length) + i] = (float)((values[row] - mean) / deviation);
            }
        }

        Dictionary<string, int> places = new(StringComparer.Ordinal);
        int[] columns = new int[rows.Count * Texts.Length];
        for (int i = 0; i < Texts.Length; i++)
        {
            int column = Array.IndexOf(names, Texts[i]);
            for (int row = 0; row < rows.Count; row++)
            {
                string text = $"{Texts[i]}={rows[row][column]}";
                places.TryAdd(text, places.Count);
                columns[(row * Texts.Length) + i] = places[text];
            }
        }

        float[] ones = new float[columns.Length];
        Array.Fill(ones, 1);
        return new LabelledRows
        {
            DenseCount = Numbers.Length,
            SparseCount = places.Count,
            Dense = dense,
            Starts = [.. Enumerable.Range(0, rows.Count + 1).Select(static row => row * Texts.Length)],
            Columns = columns,
            Values = ones,
            Labels = [.. rows.Select(static row => row[^1] == "yes" ? 1f : 0f)],
        };
    }

    private static string[] Cells(string line) => [.. line.Split(';').Select(static cell => cell.Trim('"'))];
}
