using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

public sealed class ComputedFeatureTests
{
    private const int EventCount = 10_000;

    private static readonly SystemSpec Design = With(new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
    {
        ["moment"] = Compute(
            ("hour", "hour(now)"), ("weekend", "weekday(now) >= 6"), ("slot", "cross(request.slot, hour(now))"),
            ("wait", "now - request.at")),
        ["mix"] = Compute(
            ("ctr", "user_play:plays_1h / item_play:plays_12d"), ("deep", "mix:ctr * 2 + if(mix:same, 1, 0) - moment:hour"),
            ("same", "user_play:device_last == request.slot"), ("pair", "cross(user_play:device_last, items:genre)"),
            ("is_pair", "mix:pair == 'tv|g1'"), ("price", "items:price * request.rate"),
            ("km", "distance(request.rate, request.rate, items:price, all_play:seconds_mean)"),
            ("since", "now - user_play:started_last"), ("tv", "`user_play:plays_by_device.tv` / all_play:plays_5m"),
            ("hurry", "request.hurry or user_play:liked_share > 0.5"), ("third", "item_play:seconds_mean_12h / 3")),
    });

    private readonly ITestOutputHelper _output;

    public ComputedFeatureTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Values_OverARandomHistory_AreThoseOfPlainLoopsOnlineAndOffline(ulong seed)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        List<EventRecord> log = RandomHistory.WithDuplicates(
            ref random, RandomHistory.Events(ref random, EventCount, isInKnownOrder: true));
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(Design);
        var set = FeatureSet.Create(views);
        Question[] questions = Questions(ref random, 60);
        await using TestLake lake = await TestLake.OpenAsync(Design);
        var store = new FeatureStore(views);
        FeatureReader reader = store.Reader(set);
        float[] online = new float[questions.Length * set.Count];
        int applied = 0;
        int inLake = 0;
        for (int q = 0; q < questions.Length; q++)
        {
            for (; applied < log.Count && log[applied].KnownTime <= questions[q].AsOf; applied++)
            {
                store.Apply(log[applied], store.AppliedUntil);
            }

            if (q == questions.Length / 2)
            {
                inLake = applied;
                using LakeSnapshot half = await lake.FillAsync(log[..applied]);
                store = new FeatureStore(views);
                reader = store.Reader(set);
                await store.RestoreAsync(half);
            }

            reader.ReadRows(questions[q].Request, "item", [questions[q].Item], online.AsSpan(q * set.Count, set.Count));
        }

        using LakeSnapshot whole = await lake.FillAsync(log[inLake..]);
        TrainingSet training = await TrainingSetBuilder.BuildAsync(
            whole, SpineOf(questions), set, RandomHistory.Start.AddDays(40));

        Assert.Equal(
            online.Select(BitConverter.SingleToInt32Bits), training.Values.Select(BitConverter.SingleToInt32Bits));
        int[] computed = [.. Enumerable.Range(0, set.Count).Where(i => set.EntityOf(i).Length == 0)];
        Assert.InRange(
            computed.Average(i => training.Column(i).Average(static value => float.IsNaN(value) ? 0 : 1)), 0.4, 0.95);
        for (int q = 0; q < questions.Length; q++)
        {
            AssertComputedLikeTheOracle(log, set, questions[q], training.Row(q));
        }
    }

    [Fact]
    public void ReadRows_ForManyCandidates_IsOneRowEachAndAllocatesNothing()
    {
        var random = new SeededRandom(3);
        var store = new FeatureStore(FeatureView.CompileAll(Design));
        foreach (EventRecord record in RandomHistory.Events(ref random, 2000, isInKnownOrder: true))
        {
            store.Apply(record, store.AppliedUntil);
        }

        var set = FeatureSet.Create(store.Views);
        FeatureReader reader = store.Reader(set);
        FeatureRequest request = Questions(ref random, 1)[0].Request with { AsOf = RandomHistory.Start.AddDays(22) };
        string[] items = [.. Enumerable.Range(0, 100).Select(i => $"i{i % 7}")];
        float[] together = new float[items.Length * set.Count];
        float[] alone = new float[set.Count];
        reader.ReadRows(request, "item", items, together);
        for (int i = 0; i < 14; i++)
        {
            reader.ReadRows(request, "item", items.AsSpan(i, 1), alone);
            Assert.Equal(alone, together[(i * set.Count)..((i + 1) * set.Count)]);
        }

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                reader.ReadRows(request, "item", items, together);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Look_OfTextsAndNumbers_ReadsTheGivenEntities()
    {
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(Design);
        var store = new FeatureStore(views);
        store.Apply(Event("1", "play", """{"device":"tv","rank":1}""", ("user", "u1"), ("item", "i1")), new JournalPosition(0));
        store.Apply(Event("2", "items", """{"genre":"g1","price":2}""", ("item", "i1")), new JournalPosition(1));
        FeatureView mix = views.Single(view => view.Name == "mix");
        DateTimeOffset now = RandomHistory.Start.AddDays(2);

        OnlineValue Look(string feature, string item, string context) => store.Look(
            mix, mix.Features.Single(each => each.Name == feature),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["user"] = "u1", ["item"] = item },
            System.Text.Encoding.UTF8.GetBytes(context), now);

        Assert.Equal("tv|g1", Look("pair", "i1", "").Value.Text);
        Assert.Equal(1, Look("is_pair", "i1", "").Value.Number);
        Assert.Equal(3, Look("price", "i1", """{"rate":1.5}""").Value.Number);
        Assert.Equal(FeatureStatus.NullValue, Look("price", "i1", "").Status);
        Assert.Equal(FeatureStatus.NullValue, Look("pair", "i2", "").Status);
    }

    [Fact]
    public void Version_FollowsWhatIsRead()
    {
        string before = VersionOf(Design);
        FeatureViewSpec item = Design.Features["item_play"];

        Assert.Equal(before, VersionOf(Design));
        Assert.NotEqual(
            before, VersionOf(With("item_play", item with { TimeToLive = TimeSpan.FromDays(1) })), StringComparer.Ordinal);
        Assert.NotEqual(before, VersionOf(With("moment", Compute(
            ("hour", "hour(now) + 0"), ("weekend", "true"), ("slot", "'x'"), ("wait", "1")))), StringComparer.Ordinal);
        Assert.Equal(before, VersionOf(With("user_check_in", Design.Features["user_check_in"] with
        {
            TimeToLive = TimeSpan.FromDays(1),
        })));

        static string VersionOf(SystemSpec system) =>
            FeatureView.CompileAll(system).Single(view => view.Name == "mix").Version;
    }

    [Theory]
    [InlineData("request.slt", "SPC061")]
    [InlineData("user_play:items_last", "SPC061")]
    [InlineData("items:price + items:genre", "SPC063")]
    [InlineData("other:x + 1", "SPC064")]
    public void CompileAll_OfAWrongExpression_IsRefused(string expression, string code)
    {
        TandemException refused = Assert.Throws<TandemException>(
            () => FeatureView.CompileAll(With("other", Compute(("x", expression)))));

        Assert.Equal((code, "features.other.compute.x"), (refused.Fault.Code, refused.Fault.Place));
    }

    [Fact]
    public async Task Build_WithoutWhatRequestsSaid_IsRefused()
    {
        var set = FeatureSet.Create(FeatureView.CompileAll(Design));
        var random = new SeededRandom(4);
        Spine spine = SpineOf(Questions(ref random, 1)) with
        {
            Request = new Dictionary<string, RequestColumn>(StringComparer.Ordinal),
        };
        await using TestLake lake = await TestLake.OpenAsync(Design);
        using LakeSnapshot snapshot = await lake.Lake.SnapshotAsync();

        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => TrainingSetBuilder.BuildAsync(snapshot, spine, set, RandomHistory.Start.AddDays(40)));

        Assert.Equal("FEA018", refused.Fault.Code);
    }

    private static void AssertComputedLikeTheOracle(
        List<EventRecord> log, FeatureSet set, Question question, ReadOnlySpan<float> row)
    {
        foreach ((string view, FeatureViewSpec definition) in Design.Features.Where(each => each.Value.Compute.Count > 0))
        {
            foreach (string name in definition.Compute.Keys)
            {
                int column = set.IndexOf($"{view}:{name}");
                if (column >= 0)
                {
                    float expected = Named($"{view}:{name}") switch
                    {
                        null => float.NaN,
                        bool flag => flag ? 1 : 0,
                        double value => (float)value,
                        _ => throw new NotSupportedException(),
                    };
                    Assert.True(
                        expected.Equals(row[column]), $"{view}:{name} of {question}: {expected} but {row[column]}");
                }
            }
        }

        object? Named(string name)
        {
            if (name == "now")
            {
                return question.AsOf;
            }

            if (name.StartsWith("request.", StringComparison.Ordinal))
            {
                return question.Said.GetValueOrDefault(name["request.".Length..]);
            }

            string[] parts = name.Split(':');
            if (Design.Features.TryGetValue(parts[0], out FeatureViewSpec? view) && view.Compute.Count > 0)
            {
                return ExpressionOracle.Value(view.Compute[parts[1]], Named);
            }

            FeatureViewSpec kept = parts[0] == "items"
                ? TestSystem.View("item", "items", TestSystem.Feature(parts[1], "last", parts[1], null))
                : view!;
            string id = kept.Entity == "user" ? question.User : question.Item;
            SystemSpec alone = With(parts[0], kept);
            FeatureValue value = kept.Aggregates.Where(each => parts[1].Split('.')[0] == each.Name)
                .SelectMany(each => Oracle.Values(log, alone, parts[0], each, id, question.AsOf))
                .Single(each => each.Name == parts[1]).Value;
            return value.IsNull ? null
                : value.Text is { } text ? text
                : parts[1] == "started_last" ? DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(value.Number * 1e6) * 10)
                : value.Number;
        }
    }

    private static Question[] Questions(ref SeededRandom random, int count)
    {
        var questions = new Question[count];
        for (int q = 0; q < count; q++)
        {
            Dictionary<string, object> said = new(StringComparer.Ordinal);
            if (random.NextInt(4) != 0)
            {
                said["slot"] = random.NextInt(2) == 0 ? "tv" : "ph\u00f6ne";
            }

            if (random.NextInt(4) != 0)
            {
                said["rate"] = Math.Round(random.NextDouble() * 60, 7);
                said["hurry"] = random.NextInt(2) == 0;
            }

            DateTimeOffset asOf = RandomHistory.Start.AddDays(20.0 * q / count).AddSeconds(random.NextInt(1000));
            if (random.NextInt(2) == 0)
            {
                said["at"] = asOf.AddMinutes(-random.NextInt(500));
            }

            questions[q] = new Question(asOf, $"u{random.NextInt(7)}", $"i{random.NextInt(6)}", said);
        }

        return questions;
    }

    private static Spine SpineOf(Question[] questions) => new()
    {
        Entities = ["user", "item"],
        Ids = [[.. questions.Select(q => q.User)], [.. questions.Select(q => q.Item)]],
        Times = [.. questions.Select(q => LakeTime.ToMicros(q.AsOf))],
        Request = new Dictionary<string, RequestColumn>(StringComparer.Ordinal)
        {
            ["slot"] = new() { Texts = [.. questions.Select(q => (string?)q.Said.GetValueOrDefault("slot"))] },
            ["rate"] = new() { Numbers = [.. questions.Select(q => q.Said.GetValueOrDefault("rate") as double? ?? double.NaN)] },
            ["hurry"] = new()
            {
                Numbers = [.. questions.Select(q => q.Said.GetValueOrDefault("hurry") is bool flag ? flag ? 1 : 0 : double.NaN)],
            },
            ["at"] = new()
            {
                Numbers =
                [
                    .. questions.Select(q => q.Said.GetValueOrDefault("at") is DateTimeOffset at
                        ? LakeTime.ToMicros(at) / 1e6
                        : double.NaN),
                ],
            },
        },
    };

    private static FeatureViewSpec Compute(params (string Name, string Expression)[] features) => new()
    {
        Compute = features.ToDictionary(
            each => each.Name, each => Expression.Parse(each.Expression), StringComparer.Ordinal),
    };

    private static SystemSpec With(string name, FeatureViewSpec view) => Design with
    {
        Features = new Dictionary<string, FeatureViewSpec>(Design.Features, StringComparer.Ordinal) { [name] = view },
    };

    private static SystemSpec With(Dictionary<string, FeatureViewSpec> views) => TestSystem.Spec with
    {
        Objective = new ObjectiveSpec
        {
            Task = "retrieval",
            Label = new LabelSpec { Event = "play", Impression = "shown" },
        },
        Sources = new Dictionary<string, SourceSpec>(TestSystem.Spec.Sources, StringComparer.Ordinal)
        {
            ["shown"] = new()
            {
                Entities = ["user", "item"],
                Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
                {
                    ["slot"] = new() { Type = ColumnType.Text },
                    ["rate"] = new() { Type = ColumnType.Number },
                    ["hurry"] = new() { Type = ColumnType.Flag },
                    ["at"] = new() { Type = ColumnType.Time },
                },
            },
        },
        Features = new Dictionary<string, FeatureViewSpec>(TestSystem.Spec.Features.Concat(views), StringComparer.Ordinal),
    };

    private static EventRecord Event(string id, string type, string data, params (string Entity, string Id)[] entities) => new()
    {
        Id = id,
        Type = type,
        Entities = [.. entities.Select(each => new EntityKey(each.Entity, each.Id))],
        EventTime = RandomHistory.Start,
        KnownTime = RandomHistory.Start,
        Data = System.Text.Encoding.UTF8.GetBytes(data),
    };

    private sealed record Question(DateTimeOffset AsOf, string User, string Item, Dictionary<string, object> Said)
    {
        public FeatureRequest Request => new()
        {
            AsOf = AsOf,
            Entity = "user",
            Id = User,
            Context = JsonSerializer.SerializeToUtf8Bytes(Said),
        };
    }
}
