using Tandem.Faults;
using Tandem.Features.Encoders;
using Tandem.Features.Text;
using Tandem.Spec;
using Tandem.Testing;

namespace Tandem.Features.Tests.Encoders;

public sealed class FeatureEncodersTests
{
    private const int Count = 101;

    [Fact]
    public void Standardise_OfGoldenValues_EqualsScikitLearn()
    {
        // scikit-learn 1.2.1: StandardScaler over the values, and over sign(x)·log1p(|x|).
        float[] plain = Dense(new EncoderSpec { Kind = "standardise", Log = false });
        float[] logged = Dense(new EncoderSpec { Kind = "standardise", Log = true });

        AssertNear([-0.6159543036889746, 0.1110179703143706, -0.1718820905839448], plain);
        AssertNear([-1.2701683971381914, 0.49252171556733426, 0.12535448248645953], logged);
    }

    [Fact]
    public void Standardise_WithClip_DrawsInAtTheQuantilesOfNumPy()
    {
        // numpy.quantile(x, [.05, .95]) and StandardScaler over numpy.clip.
        float[] values = Dense(new EncoderSpec { Kind = "standardise", Log = false, Clip = 0.05 });

        Assert.Equal((-4.880665302276611 - 3.712017961952946) / 5.43844363646514, values.Min(), 1e-6);
        Assert.Equal((16.76835060119629 - 3.712017961952946) / 5.43844363646514, values.Max(), 1e-6);
    }

    [Fact]
    public void Standardise_WithoutAWord_TakesTheLogarithmOfSkewedValuesAlone()
    {
        float[] skewed = [.. Enumerable.Range(0, 200).Select(static i => MathF.Exp(i / 20f))];
        float[] even = [.. Enumerable.Range(0, 200).Select(static i => (float)i)];

        Assert.Contains("\"log\":true", Saved(skewed), StringComparison.Ordinal);
        Assert.DoesNotContain("\"log\"", Saved(even), StringComparison.Ordinal);

        static string Saved(float[] values) =>
            System.Text.Encoding.UTF8.GetString(Fit(Rows(values), null).Encoders.Save());
    }

    [Fact]
    public void Standardise_OfSmallSkewedValues_BendsThemAtTheirMedian()
    {
        // Magnitudes of 0.001, 0.004 and 0.064 around a median of 0.004: ln(1.25), ln 2 and ln 17.
        float[] values = [0.001f, 0.004f, 0.064f];
        double[] logs = [Math.Log(1.25), Math.Log(2), Math.Log(17)];
        double mean = logs.Average();
        double deviation = Math.Sqrt(logs.Average(log => (log - mean) * (log - mean)));

        float[] found = Fit(Rows(values), new EncoderSpec { Kind = "standardise", Log = true, Missing = false }).Rows.Dense;

        for (int i = 0; i < logs.Length; i++)
        {
            Assert.Equal((logs[i] - mean) / deviation, found[i], 1e-6);
        }
    }

    [Fact]
    public void Bins_OfGoldenValues_EqualScikitLearn()
    {
        // KBinsDiscretizer(n_bins=8, strategy="quantile"), the first 30 values.
        int[] expected =
        [
            0, 5, 4, 1, 1, 3, 5, 0, 1, 1, 4, 5, 3, 1, 1, 5, 5, 3, 1, 2, 5, 0, 2, 1, 3, 6, 5, 2, 1, 3,
        ];

        (FeatureEncoders encoders, EncodedRows rows) = Fit(
            Rows(Golden()), new EncoderSpec { Kind = "bins", Bins = 8 });

        Assert.Equal(expected, rows.Columns[..30]);
        Assert.Equal(9, encoders.SparseCount);
        Assert.Equal(0, encoders.DenseCount);
    }

    [Fact]
    public void Encode_OfAMissingNumber_SaysSo()
    {
        float[] values = [1, float.NaN, 3, float.NaN];

        EncodedRows standard = Fit(Rows(values), new EncoderSpec { Kind = "standardise" }).Rows;
        EncodedRows silent = Fit(Rows(values), new EncoderSpec { Kind = "standardise", Missing = false }).Rows;
        EncodedRows bins = Fit(Rows(values), new EncoderSpec { Kind = "bins", Bins = 2 }).Rows;

        Assert.Equal([-1, 0, 0, 1, 1, 0, 0, 1], standard.Dense);
        Assert.Equal([-1, 0, 1, 0], silent.Dense);
        Assert.Equal([0, 2, 1, 2], bins.Columns);
    }

    [Fact]
    public void Encode_OfAConstantOrNothing_StaysFinite()
    {
        Assert.All(Fit(Rows([5, 5, 5]), null).Rows.Dense, static value => Assert.Equal(0, value));
        Assert.All(
            Fit(Rows([float.NaN, float.NaN]), null).Rows.Dense, static value => Assert.True(float.IsFinite(value)));
        Assert.Equal([1, 1], Fit(Rows([float.NaN, float.NaN]), new EncoderSpec { Kind = "bins" }).Rows.Columns);
    }

    [Fact]
    public void Vocabulary_GivesFrequentTextsAColumn_OthersOne_AndNoneOne()
    {
        string?[] values = ["b", "a", "b", "a", "b", "rare", null];

        (FeatureEncoders encoders, EncodedRows rows) = Fit(
            TextRows(TextColumn.Of("v:f", values)), new EncoderSpec { Kind = "vocabulary", MinimumCount = 2 });

        Assert.Equal([0, 1, 0, 1, 0, 2, 3], rows.Columns);
        Assert.Equal(4, encoders.SparseCount);
    }

    [Fact]
    public void Hashing_GivesEqualTextsOneColumn_AndAListABagOfLengthOne()
    {
        var column = TextColumn.OfLists("v:f", [["x"], ["x", "y", "x"], [], ["z"]]);

        (FeatureEncoders encoders, EncodedRows rows) = Fit(
            TextRows(column), new EncoderSpec { Kind = "hashing", Buckets = 1 << 16 });

        Assert.Equal((1 << 16) + 1, encoders.SparseCount);
        Assert.Equal([0, 1, 3, 4, 5], rows.Starts);
        int x = rows.Columns[0];
        int at = Array.IndexOf(rows.Columns, x, 1);
        Assert.Equal(2 / Math.Sqrt(5), rows.Values[at], 1e-6);
        Assert.Equal(1 / Math.Sqrt(5), rows.Values[3 - at], 1e-6);
        Assert.Equal(1 << 16, rows.Columns[3]);
    }

    [Fact]
    public void Words_AreThoseOfTheHasher_AndTfIdfThoseOfTheStatistics()
    {
        string?[] titles = ["The red fox", "a red red rose", null, "the fox"];
        TextHasher hasher = new(new TextHasherOptions { ColumnCount = 64, MaxWords = 2 });
        var statistics = TextStatistics.Fit(
            titles.OfType<string>().Order(StringComparer.Ordinal),
            new TextStatisticsOptions { MaxWords = 2, MinDocuments = 1 });

        EncodedRows hashed = Fit(
            TextRows(TextColumn.Of("v:f", titles)), new EncoderSpec { Kind = "words", Buckets = 64 }).Rows;
        EncodedRows weighed = Fit(
            TextRows(TextColumn.Of("v:f", titles)), new EncoderSpec { Kind = "tf_idf", MinimumCount = 1 }).Rows;

        for (int row = 0; row < titles.Length; row++)
        {
            string title = titles[row] ?? "";
            int[] columns = new int[100];
            float[] values = new float[100];
            int count = hasher.Write(title, columns, values);
            Assert.Equal(columns[..count], hashed.Columns[hashed.Starts[row]..hashed.Starts[row + 1]]);
            Assert.Equal(values[..count], hashed.Values[hashed.Starts[row]..hashed.Starts[row + 1]]);
            count = statistics.WriteTfIdf(title, columns, values);
            Assert.Equal(columns[..count], weighed.Columns[weighed.Starts[row]..weighed.Starts[row + 1]]);
            Assert.Equal(values[..count], weighed.Values[weighed.Starts[row]..weighed.Starts[row + 1]]);
        }
    }

    [Fact]
    public void Fit_OfManyFeatures_KeepsTheirColumnsApart()
    {
        EncoderRows rows = Rows([1, 10, 2, 20, 3, 30]) with
        {
            Numbers = ["v:a", "v:b"],
            Labels = new float[3],
            Times = new long[3],
            IsTraining = [true, true, true],
            Texts = [TextColumn.Of("v:t", ["x", "x", "y"]), TextColumn.Of("v:left_out", ["x", "x", "y"])],
        };
        Dictionary<string, EncoderSpec> specs = new(StringComparer.Ordinal)
        {
            ["v:a"] = new EncoderSpec { Kind = "bins", Bins = 2 },
            ["v:t"] = new EncoderSpec { Kind = "vocabulary", MinimumCount = 1 },
            ["v:left_out"] = new EncoderSpec { Kind = "none" },
        };

        (FeatureEncoders encoders, EncodedRows encoded) = FeatureEncoders.Fit(rows, specs);

        Assert.Equal(["v:a", "v:b", "v:t"], encoders.Features, StringComparer.Ordinal);
        Assert.Equal([1, 1], encoders.FeatureOfDense);
        Assert.Equal([0, 0, 0, 2, 2, 2, 2], encoders.FeatureOfSparse);
        Assert.Equal([0, 3, 1, 3, 1, 4], encoded.Columns);
    }

    [Fact]
    public void Fit_ForAModelThatTakesMissing_KeepsNumbersAndNumbersCategories()
    {
        EncoderRows rows = Rows([1, float.NaN, 30, 4]) with
        {
            Texts =
            [
                TextColumn.Of("v:t", ["x", "y", null, "x"]), TextColumn.Of("v:own", ["x", "x", "y", "y"]),
                TextColumn.OfLists("v:list", [["a", "b"], [], [], []]),
            ],
        };
        Dictionary<string, EncoderSpec> specs = new(StringComparer.Ordinal)
        {
            ["v:own"] = new EncoderSpec { Kind = "vocabulary", MinimumCount = 1 },
        };

        (FeatureEncoders encoders, EncodedRows encoded) = FeatureEncoders.Fit(rows, specs, takesMissing: true);

        // "y" is met once, too seldom for a number of its own; the list is hashed as ever.
        Assert.Equal([0, 2], encoders.Categories);
        Assert.Equal([1, 0, float.NaN, 1, 30, float.NaN, 4, 0], encoded.Dense);
        Assert.Equal(4 + 1024 + 1, encoders.SparseCount);
        Assert.Equal(encoded.Dense, FeatureEncoders.Load(encoders.Save()).Encode(rows).Dense);
    }

    [Fact]
    public void Save_AndLoad_EncodeTheSame()
    {
        EncoderRows rows = Mixed();
        (FeatureEncoders encoders, _) = FeatureEncoders.Fit(rows, MixedSpecs());

        byte[] bytes = encoders.Save();
        var loaded = FeatureEncoders.Load(bytes);

        Assert.Equal(bytes, loaded.Save());
        EncodedRows before = encoders.Encode(rows);
        EncodedRows after = loaded.Encode(rows);
        Assert.Equal(before.Dense, after.Dense);
        Assert.Equal(before.Columns, after.Columns);
        Assert.Equal(before.Values, after.Values);
        Assert.DoesNotContain(before.Dense, static value => !float.IsFinite(value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"format":"tandem-encoders","version":2,"numbers":[],"texts":[],"encoders":[]}""")]
    [InlineData("""{"format":"tandem-encoders","version":1,"numbers":["a:b"],"texts":[],"encoders":[{"feature":"a:c","kind":"bins"}]}""")]
    [InlineData("""{"format":"tandem-encoders","version":1,"numbers":["a:b"],"texts":[],"encoders":[{"feature":"a:b","kind":"standardise"}]}""")]
    [InlineData("""{"format":"tandem-encoders","version":1,"numbers":["a:b"],"texts":[],"encoders":[{"feature":"a:b","kind":"hashing","buckets":3}]}""")]
    public void Load_OfWhatIsNone_IsACodedFault(string json)
    {
        TandemException fault = Assert.Throws<TandemException>(
            () => FeatureEncoders.Load(System.Text.Encoding.UTF8.GetBytes(json)));

        Assert.Equal("FEA031", fault.Fault.Code);
    }

    [Fact]
    public void Fit_OfATextEncoderOnANumber_IsACodedFault()
    {
        TandemException fault = Assert.Throws<TandemException>(
            () => Fit(Rows([1, 2]), new EncoderSpec { Kind = "hashing" }));

        Assert.Equal("FEA032", fault.Fault.Code);
        Assert.Equal("v:f", fault.Fault.Place);
    }

    [Fact]
    public void Encode_OfARow_AllocatesNothing()
    {
        EncoderRows rows = Mixed();
        (FeatureEncoders encoders, _) = FeatureEncoders.Fit(rows, MixedSpecs());
        string[] texts = ["x", "y", "one red fox", "fox", "x"];
        int[] starts = [0, 2, 3, 4, 5];
        float[] numbers = [3, float.NaN];
        float[] dense = new float[encoders.DenseCount];
        int[] columns = new int[100];
        float[] values = new float[100];
        Encode();

        long allocated = Allocations.Least(Encode);

        Assert.Equal(0, allocated);

        void Encode()
        {
            FeatureRow row = new() { Numbers = numbers, Texts = texts, TextStarts = starts };
            if (encoders.RoomFor(in row) <= columns.Length)
            {
                _ = encoders.Encode(in row, dense, columns, values);
            }
        }
    }

    private static EncoderRows Mixed() => new()
    {
        Numbers = ["n:a", "n:b"],
        Values = [1, 5, 2, float.NaN, 9, 5, 4, 4],
        Texts =
        [
            TextColumn.OfLists("t:list", [["x", "y"], [], ["x"], ["z", "z"]]),
            TextColumn.Of("t:title", ["red fox", "a fox", null, "the red rose"]),
            TextColumn.Of("t:words", ["red fox", "a fox", null, "the red rose"]),
            TextColumn.Of("t:target", ["x", "y", "x", null]),
        ],
        Labels = [1, 0, 0, 1],
        Times = [0, 10, 20, 30],
        LabelMicros = 5,
        IsTraining = [true, true, true, false],
    };

    private static Dictionary<string, EncoderSpec> MixedSpecs() => new(StringComparer.Ordinal)
    {
        ["n:b"] = new EncoderSpec { Kind = "bins", Bins = 3 },
        ["t:title"] = new EncoderSpec { Kind = "tf_idf", MinimumCount = 1 },
        ["t:words"] = new EncoderSpec { Kind = "words", Buckets = 32 },
        ["t:target"] = new EncoderSpec { Kind = "target", Strength = 1 },
    };

    private static float[] Golden()
    {
        float[] values = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            values[i] = (float)Math.Exp((1.5 * Math.Sin(1.3 * i)) + (0.02 * i)) * (i % 7 == 0 ? -1 : 1);
        }

        return values;
    }

    private static float[] Dense(EncoderSpec spec) =>
        Fit(Rows(Golden()), spec with { Missing = false }).Rows.Dense;

    private static (FeatureEncoders Encoders, EncodedRows Rows) Fit(EncoderRows rows, EncoderSpec? spec) =>
        FeatureEncoders.Fit(
            rows,
            spec is null
                ? new Dictionary<string, EncoderSpec>(StringComparer.Ordinal)
                : new Dictionary<string, EncoderSpec>(StringComparer.Ordinal) { ["v:f"] = spec });

    private static EncoderRows Rows(float[] values) => new()
    {
        Numbers = ["v:f"],
        Values = values,
        Labels = new float[values.Length],
        Times = new long[values.Length],
        IsTraining = [.. values.Select(static _ => true)],
    };

    private static EncoderRows TextRows(TextColumn column) => new()
    {
        Numbers = [],
        Values = [],
        Texts = [column],
        Labels = new float[column.RowCount],
        Times = new long[column.RowCount],
        IsTraining = [.. Enumerable.Repeat(true, column.RowCount)],
    };

    private static void AssertNear(double[] expected, float[] found)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            // Encoded values are float32.
            Assert.Equal(expected[i], found[i], 2e-7);
        }
    }
}
