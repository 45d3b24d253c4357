using Tandem.Faults;
using Tandem.Features.Text;
using Tandem.Testing;

namespace Tandem.Features.Tests.Text;

public sealed class TextStatisticsTests
{
    private static readonly string[] Vocabulary = ["apple", "Pear", "plum", "fig", "kiwi", "東", "ÄPFEL", "x1", "nut", "date"];

    [Fact]
    public void Fit_OfRandomCorpora_CountsAsTheTwinDoes()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            string[] texts = Corpus(random);
            var options = new TextStatisticsOptions
            {
                MaxWords = random.Next(1, 4),
                MinDocuments = random.Next(1, 4),
                MaxTerms = random.Next(1, 40),
            };

            var statistics = TextStatistics.Fit(texts, options);

            (string Term, int Documents)[] twin =
            [
                .. texts.SelectMany(text => Terms(text, options.MaxWords).Distinct(StringComparer.Ordinal))
                    .GroupBy(term => term, StringComparer.Ordinal)
                    .Select(group => (Term: group.Key, Documents: group.Count()))
                    .Where(term => term.Documents >= options.MinDocuments)
                    .OrderByDescending(term => term.Documents).ThenBy(term => term.Term, StringComparer.Ordinal)
                    .Take(options.MaxTerms)
                    .OrderBy(term => term.Term, StringComparer.Ordinal),
            ];
            (string, int)[] fitted =
                [.. Enumerable.Range(0, statistics.Length).Select(i => (statistics.Term(i), statistics.Documents(i)))];
            Assert.True(twin.SequenceEqual(fitted), $"seed {seed}");
            Assert.Equal(texts.Length, statistics.DocumentCount);
            Assert.Equal(texts.Sum(text => Terms(text, 1).Length), statistics.WordCount);
        }
    }

    [Fact]
    public void Write_OfRandomTexts_WeighsAsTheTwinDoes()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            string[] texts = Corpus(random);
            int maxWords = random.Next(1, 3);
            var statistics = TextStatistics.Fit(texts, new TextStatisticsOptions { MaxWords = maxWords, MinDocuments = 1 });
            string text = Sentence(random) + " unknown words";
            string[] terms = Terms(text, maxWords);
            (double saturation, double share) = (random.NextDouble() * 2, random.NextDouble());

            double[] counts = Dense(statistics, text, statistics.WriteCounts);
            double[] tfIdf = Dense(statistics, text, statistics.WriteTfIdf);
            double[] bm25 = Dense(statistics, text, (t, c, v) => statistics.WriteBm25(t, c, v, saturation, share));

            double[] twinCounts =
                [.. Enumerable.Range(0, statistics.Length).Select(i => (double)terms.Count(term => term == statistics.Term(i)))];
            double[] within = [.. Enumerable.Range(0, statistics.Length).Select(i => (double)texts.Count(
                other => Terms(other, maxWords).Contains(statistics.Term(i), StringComparer.Ordinal)))];
            double mean = texts.Average(other => Terms(other, 1).Length);
            double[] raw = [.. twinCounts.Select((f, i) => f * (Math.Log((1 + texts.Length) / (1 + within[i])) + 1))];
            double length = Math.Sqrt(raw.Sum(value => value * value));
            double damp = saturation * (1 - share + (share * Terms(text, 1).Length / mean));
            AssertNear(twinCounts, counts, seed);
            AssertNear([.. raw.Select(value => length > 0 ? value / length : 0)], tfIdf, seed);
            AssertNear(
                [.. twinCounts.Select((f, i) => f == 0 ? 0
                    : Math.Log(1 + ((texts.Length - within[i] + 0.5) / (within[i] + 0.5))) * f * (saturation + 1) / (f + damp))],
                bm25, seed);
        }
    }

    [Fact]
    public void WriteBm25_OfACorpus_RanksTheTextThatIsAbout()
    {
        string[] texts = ["the cat sat on the mat", "the dog sat on the log", "the cats and the dogs of the town", "a mat"];
        var statistics = TextStatistics.Fit(texts, new TextStatisticsOptions { MinDocuments = 1 });
        (int[] questionColumns, float[] questionValues) = Sparse(statistics, "cat mat", statistics.WriteCounts);

        double[] scores =
        [
            .. texts.Select(text =>
            {
                (int[] columns, float[] values) = Sparse(statistics, text, (t, c, v) => statistics.WriteBm25(t, c, v));
                return TextVector.Dot(questionColumns, questionValues, columns, values);
            }),
        ];

        Assert.Equal([0, 3, 1, 2], Enumerable.Range(0, 4).OrderByDescending(i => scores[i]));
        Assert.Equal(0, scores[1]);
    }

    [Fact]
    public void Save_AndLoad_GiveTheSameStatisticsWhateverTheOrderOfTexts()
    {
        string[] texts = Corpus(new Random(3));
        var options = new TextStatisticsOptions { MaxWords = 2 };
        var statistics = TextStatistics.Fit(texts, options);

        byte[] bytes = statistics.Save();
        var loaded = TextStatistics.Load(bytes);

        Assert.Equal(bytes, loaded.Save());
        Assert.Equal(bytes, TextStatistics.Fit(texts.Reverse(), options).Save());
        Assert.Equal((statistics.DocumentCount, statistics.WordCount, 2), (loaded.DocumentCount, loaded.WordCount, loaded.MaxWords));
        Assert.Equal(
            Dense(statistics, texts[0], statistics.WriteTfIdf), Dense(loaded, texts[0], loaded.WriteTfIdf));
    }

    [Fact]
    public void Save_OfFrozenTexts_NeverChanges()
    {
        var statistics = TextStatistics.Fit(["Zürich zoo", "the zoo", "zürich"], new TextStatisticsOptions { MinDocuments = 2 });

        string bytes = Convert.ToHexString(statistics.Save());

        // Magic, version 1, 1 word, 3 texts, 5 words, 2 terms of 10 bytes; 2 texts and 3 bytes, 2 texts and 7 bytes.
        string content = "54444D5445585400" + "01000000" + "01000000" + "0300000000000000" + "0500000000000000" + "02000000"
            + "0A000000" + "0200000003000000" + "0200000007000000" + Convert.ToHexString("zoozürich"u8);
        Assert.Equal(content, bytes[..content.Length]);
        Assert.Equal(content.Length + 64, bytes.Length);
    }

    [Fact]
    public void Load_OfDamagedBytes_IsRefused()
    {
        byte[] bytes = TextStatistics.Fit(Corpus(new Random(4))).Save();
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] flipped = [.. bytes];
            flipped[i] ^= 1;
            AssertDamaged(flipped);
            AssertDamaged(bytes[..i]);
        }

        AssertDamaged([.. bytes, 0]);
    }

    [Fact]
    public void Write_InSteadyState_AllocatesNothing()
    {
        var statistics = TextStatistics.Fit(Corpus(new Random(5)), new TextStatisticsOptions { MaxWords = 2 });
        const string Text = "an apple, a pear and a plum";
        int[] columns = new int[statistics.RoomFor(Text.Length)];
        float[] values = new float[columns.Length];
        statistics.WriteTfIdf(Text, columns, values);
        statistics.WriteBm25(Text, columns, values);

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                statistics.WriteTfIdf(Text, columns, values);
                statistics.WriteBm25(Text, columns, values);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Fit_OfNothing_GivesEmptyVectors()
    {
        var statistics = TextStatistics.Fit([]);

        Assert.Equal(0, statistics.Length);
        Assert.Equal(0, statistics.WriteBm25("any text", new int[8], new float[8]));
        Assert.Equal(0, TextStatistics.Load(statistics.Save()).Length);
    }

    [Fact]
    public void Options_AndRoom_AreChecked()
    {
        var statistics = TextStatistics.Fit(["a b"], new TextStatisticsOptions { MinDocuments = 1 });

        Assert.Throws<ArgumentException>(() => statistics.WriteCounts("a b", new int[2], new float[3]));
        Assert.Throws<ArgumentException>(() => statistics.WriteCounts("a b", new int[3], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => statistics.WriteBm25("a", new int[1], new float[1], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => statistics.WriteBm25("a", new int[1], new float[1], 1, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextStatisticsOptions { MaxWords = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextStatisticsOptions { MinDocuments = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextStatisticsOptions { MaxTerms = 0 });
        Assert.Throws<ArgumentException>(() => TextVector.Dot([1], [], [1], [1]));
    }

    private static string[] Corpus(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => Sentence(random))];

    private static string Sentence(Random random) => string.Join(", ", random.GetItems(Vocabulary, random.Next(0, 15)));

    private static string[] Terms(string text, int maxWords) =>
        [.. TextTwin.Terms([.. TextTwin.Words(text)], maxWords)];

    private static (int[] Columns, float[] Values) Sparse(TextStatistics statistics, string text, Writer writer)
    {
        int[] columns = new int[statistics.RoomFor(text.Length)];
        float[] values = new float[columns.Length];
        int count = writer(text, columns, values);
        return (columns[..count], values[..count]);
    }

    private static double[] Dense(TextStatistics statistics, string text, Writer writer)
    {
        (int[] columns, float[] values) = Sparse(statistics, text, writer);
        float[] dense = new float[statistics.Length];
        TextVector.Scatter(columns, values, dense);
        return [.. dense.Select(value => (double)value)];
    }

    // Float32 keeps seven digits; the weights here are below 20.
    private static void AssertNear(double[] expected, double[] actual, int seed)
    {
        double worst = expected.Zip(actual, (a, b) => Math.Abs(a - b)).DefaultIfEmpty(0).Max();
        Assert.True(worst < 1e-5 && expected.Length == actual.Length, $"seed {seed}: off by {worst:e2}");
    }

    private static void AssertDamaged(byte[] bytes) =>
        Assert.Equal("FEA030", Assert.Throws<TandemException>(() => TextStatistics.Load(bytes)).Faults[0].Code);

    private delegate int Writer(ReadOnlySpan<char> text, Span<int> columns, Span<float> values);
}
