using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features.Evaluation;
using Tandem.Numerics;
using Tandem.Spec;
using Xunit.Abstractions;

namespace Tandem.Features.Tests.Evaluation;

/// <summary>Golden test of <c>docs/formats/feature-series.md</c>, and that a series read back is the series.</summary>
public sealed class EventSeriesPackTests
{
    private const long Minute = 60_000_000;
    private static readonly Dictionary<(string View, string Feature), (int Series, FeaturePlan Plan)> Features = [];
    private static readonly IReadOnlyList<SeriesPlan> Plans = SeriesPlan.PlanAll(TestSystem.Views, Features);

    private readonly ITestOutputHelper _output;

    public EventSeriesPackTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Unpack_BetweenLateEventsAndPruning_AnswersAsTheSeriesThatWasNeverPacked(ulong seed)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, 1200, isInKnownOrder: true);
        int answers = 0;
        for (int p = 0; p < Plans.Count; p++)
        {
            SeriesPlan plan = Plans[p];
            FeaturePlan[] features = [.. Features.Values.Where(f => f.Series == p).Select(f => f.Plan)];
            var texts = new EntityIndex();
            var kept = new EventSeries(plan, texts);
            (EventSeries packed, EntityIndex others) = (new EventSeries(plan, texts), texts);
            var row = new SourceRow(plan.Shape.Columns.Count);
            foreach (EventRecord record in log.Where(record => record.Type == plan.Shape.Name))
            {
                plan.Shape.Read(record, row);
                if (!plan.Takes(row))
                {
                    continue;
                }

                long oldest = row.KnownTime - (60 * Minute);
                Assert.Equal(kept.Add(row, oldest), packed.Add(row, oldest));
                if (random.NextInt(9) == 0)
                {
                    kept.Prune(oldest);
                }

                if (random.NextInt(5) == 0)
                {
                    (packed, others) = Again(plan, packed);
                    long asOf = row.KnownTime - (random.NextInt(61) * Minute);
                    answers += AssertEqual(features, asOf, (kept, texts), (packed, others));
                }
            }
        }

        Assert.True(answers > 5_000, $"Only {answers} values say anything.");
    }

    [Fact]
    public void Pack_OfOneEventAndTwoDropped_WritesTheFrozenBytes()
    {
        SeriesPlan plan = Small();
        EventSeries series = Filled(plan, new EntityIndex());
        var writer = new PackWriter();

        series.Pack(writer);

        string texts = "02" + "0161" + "0162";
        string sums = "02" + "0000000000000028" + "0000000000000000" + "02";
        string squares = "00000000000000000000000000000000" + "00000000000000000000000000004004";
        string remnants = "029f0504e60102" + "02080001" + "0106" + "0202010401";
        string events = "0301" + "1206" + "09000000" + "00" + "01";
        Assert.Equal(
            "01" + texts + sums + squares + remnants + events + "2d7b0e2d", Convert.ToHexStringLower(writer.Written));
    }

    [Fact]
    public void Unpack_OfDamagedBytes_SaysSo()
    {
        SeriesPlan plan = Small();
        var writer = new PackWriter();
        Filled(plan, new EntityIndex()).Pack(writer);
        byte[] whole = writer.Written.ToArray();

        for (int i = 0; i < whole.Length; i++)
        {
            byte[] flipped = [.. whole];
            flipped[i] ^= 0x10;
            AssertRefused(flipped);
            AssertRefused(whole[..i]);
        }

        AssertRefused([.. whole, 0]);

        void AssertRefused(byte[] bytes) => Assert.Equal(
            "FEA014",
            Assert.Throws<TandemException>(() => EventSeries.Unpack(plan, new EntityIndex(), bytes)).Fault.Code);
    }

    [Fact]
    public void Number_OfAnyKind_IsReadBackBitForBit()
    {
        double[] numbers =
        [
            0, -0.0, 1, -1, 63, 64, -64, 0.1, double.Epsilon, -double.MaxValue, 1L << 53, (1L << 53) - 1,
            1 - (1L << 53), double.PositiveInfinity, double.NaN,
        ];
        var writer = new PackWriter();

        foreach (double number in numbers)
        {
            writer.Number(number);
        }

        var reader = new PackReader(writer.Written);
        foreach (double number in numbers)
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(reader.Number()));
        }

        Assert.True(reader.Rest.IsEmpty);
    }

    /// <summary>Packs a series and reads it in a process that numbers texts otherwise.</summary>
    private static (EventSeries Series, EntityIndex Texts) Again(SeriesPlan plan, EventSeries series)
    {
        var texts = new EntityIndex();
        texts.FindOrAdd("met here first");
        texts.FindOrAdd("i3");
        var first = new PackWriter();
        series.Pack(first);

        var read = EventSeries.Unpack(plan, texts, first.Written);

        var second = new PackWriter();
        read.Pack(second);
        Assert.Equal(first.Written.ToArray(), second.Written.ToArray());
        return (read, texts);
    }

    private static int AssertEqual(
        FeaturePlan[] features, long asOf, (EventSeries Series, EntityIndex Texts) left,
        (EventSeries Series, EntityIndex Texts) right)
    {
        int answers = 0;
        foreach (FeaturePlan feature in features)
        {
            string expected = Answer(feature, asOf, left.Series);
            Assert.Equal(expected, Answer(feature, asOf, right.Series));
            answers += expected.Length == 0 ? 0 : 1;
        }

        return answers;
    }

    private static string Answer(FeaturePlan feature, long asOf, EventSeries series)
    {
        FeatureValue value = series.Value(feature, asOf);
        return value.IsNull
            ? ""
            : $"{Said(value.Number)} {value.Text} {string.Join(',', value.Ids)} {string.Join(',', value.Numbers.Select(Said))}";

        static string Said(double number) => number.ToString("R", CultureInfo.InvariantCulture);
    }

    private static SeriesPlan Small()
    {
        var source = new SourceSpec
        {
            Entities = ["user"],
            Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
            {
                ["value"] = new() { Type = ColumnType.Number },
                ["word"] = new() { Type = ColumnType.Text },
            },
        };
        SystemSpec spec = TestSystem.Spec with
        {
            Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal) { ["play"] = source },
            Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
            {
                ["view"] = TestSystem.View(
                    "user", "play",
                    TestSystem.Feature("variance", "variance", "value", null),
                    TestSystem.Feature("maximum", "max", "value", null),
                    TestSystem.Feature("first", "first", "word", null),
                    TestSystem.Feature("words", "unique", "word", null),
                    TestSystem.Feature("about", "approx_unique", "word", null)),
            },
        };
        return SeriesPlan.PlanAll(FeatureView.CompileAll(spec), [])[0];
    }

    private static EventSeries Filled(SeriesPlan plan, EntityIndex texts)
    {
        var series = new EventSeries(plan, texts);
        var row = new SourceRow(plan.Shape.Columns.Count);
        (long Time, double Value, string Word)[] events = [(1, 2, "a"), (5, 0.5, "b"), (9, double.NaN, "a")];
        foreach ((long time, double value, string word) in events)
        {
            row.Clear();
            (row.EventTime, row.KnownTime, row.IdHash) = (time, time + 3, (uint)time);
            row.Set(plan.Shape.Column("value"), value);
            row.Set(plan.Shape.Column("word"), Encoding.UTF8.GetBytes(word));
            series.Add(row, 0);
        }

        series.Prune(20);
        return series;
    }
}
