using System.Numerics;
using System.Text;
using Tandem.Features.Text;
using Tandem.Testing;

namespace Tandem.Features.Tests.Text;

public sealed class TextHasherTests
{
    [Fact]
    public void Write_OfRandomTexts_AgreesWithTheTwinDenseAndSparse()
    {
        string[] vocabulary = ["apple", "Pear", "plum", "fig", "ÄPFEL", "東", "x1"];
        for (int seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var options = new TextHasherOptions { ColumnCount = random.Next(2, 400), MaxWords = random.Next(1, 6) };
            var hasher = new TextHasher(options);
            string text = string.Join(' ', random.GetItems(vocabulary, random.Next(0, 25)));
            float[] dense = new float[hasher.Length];
            Array.Fill(dense, float.NaN);
            int[] columns = new int[hasher.RoomFor(text.Length)];
            float[] values = new float[columns.Length];
            float[] scattered = new float[hasher.Length];

            hasher.Write(text, dense);
            int count = hasher.Write(text, columns, values);
            TextVector.Scatter(columns.AsSpan(0, count), values.AsSpan(0, count), scattered);

            double[] twin = Twin(text, options);
            double worst = dense.Zip(twin, (a, b) => Math.Abs(a - b)).DefaultIfEmpty(0).Max();
            Assert.True(worst < 1e-6, $"seed {seed}: off by {worst:e2}");
            Assert.True(dense.AsSpan().SequenceEqual(scattered), $"seed {seed}: sparse and dense differ");
            Assert.True(columns.AsSpan(0, count).ToArray().SequenceEqual(columns.Take(count).Distinct().Order()), $"seed {seed}");
        }
    }

    [Fact]
    public void Write_OfAFrozenText_NeverChanges()
    {
        var hasher = new TextHasher(new TextHasherOptions { ColumnCount = 1000, MaxWords = 2 });
        int[] columns = new int[hasher.RoomFor(20)];
        float[] values = new float[columns.Length];

        int count = hasher.Write("Zürich in summer", columns, values);

        // 1 / √5 for each of three words and two pairs.
        Assert.Equal(
            "181:0.4472 321:-0.4472 332:0.4472 784:-0.4472 919:0.4472",
            string.Join(' ', columns.Take(count).Zip(values, (column, value) => $"{column}:{value:f4}")));
    }

    [Fact]
    public void Write_InnerProducts_AreThoseOfTheCountsOnAverage()
    {
        // Two texts share 10 of 20 words each: their counts' cosine is ½. With 512 columns a hashed one varies around it
        // by about √(20 · 20 / 512) / 20 ≈ 0.045; the mean of 200 by 0.0032, so 0.02 is six of those.
        double sum = 0;
        var hasher = new TextHasher(new TextHasherOptions { ColumnCount = 512, MaxWords = 1 });
        for (int i = 0; i < 200; i++)
        {
            float[] a = new float[512];
            float[] b = new float[512];
            hasher.Write(string.Join(' ', Enumerable.Range(0, 20).Select(j => $"w{i}x{j}")), a);
            hasher.Write(string.Join(' ', Enumerable.Range(10, 20).Select(j => $"w{i}x{j}")), b);
            sum += a.Zip(b, (x, y) => (double)x * y).Sum();
        }

        Assert.Equal(0.5, sum / 200, 0.02);
    }

    [Fact]
    public void Write_InSteadyState_AllocatesNothing()
    {
        var hasher = new TextHasher();
        float[] dense = new float[hasher.Length];
        int[] columns = new int[hasher.RoomFor(100)];
        float[] values = new float[columns.Length];
        const string Text = "Nothing of this is kept: not a word, not a pair of words.";
        hasher.Write(Text, dense);
        hasher.Write(Text, columns, values);

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                hasher.Write(Text, dense);
                hasher.Write(Text, columns, values);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Options_AndRoom_AreChecked()
    {
        var hasher = new TextHasher(new TextHasherOptions { ColumnCount = 8 });

        Assert.Throws<ArgumentException>(() => hasher.Write("a", new float[7]));
        Assert.Throws<ArgumentException>(() => hasher.Write("a", new int[1], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextHasherOptions { ColumnCount = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextHasherOptions { MaxWords = 6 });
    }

    /// <summary>FNV-1a and the mixer in whole numbers of any size, over UTF-16 bytes.</summary>
    private static double[] Twin(string text, TextHasherOptions options)
    {
        double[] vector = new double[options.ColumnCount];
        foreach (string term in TextTwin.Terms([.. TextTwin.Words(text)], options.MaxWords))
        {
            var modulus = BigInteger.Pow(2, 64);
            BigInteger hash = new(14695981039346656037);
            foreach (byte b in Encoding.Unicode.GetBytes(term))
            {
                hash = (hash ^ b) * 1099511628211 % modulus;
            }

            foreach (ulong factor in (ulong[])[0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53])
            {
                hash = (hash ^ (hash >> 33)) * factor % modulus;
            }

            hash ^= hash >> 33;
            vector[(int)(hash * options.ColumnCount / modulus)] += hash.IsEven ? 1 : -1;
        }

        double length = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => length > 0 ? value / length : 0)];
    }
}
