using System.Globalization;
using Tandem.Faults;
using Xunit.Abstractions;

namespace Tandem.Spec.Tests;

public sealed class ExpressionTests
{
    private static readonly ExpressionScope Scope = new(
        name => name switch
        {
            "seconds" or "request.lat" or "view:plays_7d" => ExpressionType.Number,
            "liked" => ExpressionType.Flag,
            "device" => ExpressionType.Text,
            "started" or "now" => ExpressionType.Time,
            _ => null,
        },
        ["seconds", "request.lat", "view:plays_7d", "liked", "device", "started", "now"]);

    private readonly ITestOutputHelper _output;

    public ExpressionTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Parse_OfWhatWasPrinted_IsTheSameTree(int seed)
    {
        _output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int i = 0; i < 5000; i++)
        {
            Expression expression = Tree(random, 4);
            string text = expression.ToString();
            if (text.Length > Expression.LongestText)
            {
                continue;
            }

            var again = Expression.Parse(text);

            Assert.True(IsSame(expression, again), $"{text} became {again}");
            Assert.Equal(text, again.ToString());
        }
    }

    [Theory]
    [InlineData("1+2*3", "1 + 2 * 3")]
    [InlineData("(1+2)*3", "(1 + 2) * 3")]
    [InlineData("1-(2-3)-4", "1 - (2 - 3) - 4")]
    [InlineData("((seconds))", "seconds")]
    [InlineData("not  liked == true or liked", "not liked == true or liked")]
    [InlineData("(not liked) == true", "(not liked) == true")]
    [InlineData("-(-1)", "--1")]
    [InlineData("'a\"b'", "\"a\\\"b\"")]
    [InlineData("`view:plays.über`/2", "`view:plays.über` / 2")]
    [InlineData("`hour`", "hour")]
    [InlineData("if(seconds>300 and device=='tv',1,0)", "if(seconds > 300 and device == \"tv\", 1, 0)")]
    [InlineData("1e3 + .5 + 1.E-2", "1000 + 0.5 + 0.01")]
    public void Parse_GivesTheCanonicalText(string text, string canonical) =>
        Assert.Equal(canonical, Expression.Parse(text).ToString());

    [Theory]
    [InlineData("", "SPC060", 1)]
    [InlineData("1 +", "SPC060", 4)]
    [InlineData("(1", "SPC060", 3)]
    [InlineData("1 2", "SPC060", 3)]
    [InlineData("seconds < 1 < 2", "SPC060", 13)]
    [InlineData("'tv", "SPC060", 1)]
    [InlineData("1 + 2x", "SPC060", 5)]
    [InlineData("1 % 2", "SPC060", 3)]
    [InlineData("1e999", "SPC060", 1)]
    [InlineData("min(1)", "SPC060", 1)]
    [InlineData("2 * hours(started)", "SPC062", 5)]
    [InlineData("seconds / secnds", "SPC061", 11)]
    [InlineData("device / 2", "SPC063", 1)]
    [InlineData("seconds + (liked)", "SPC063", 12)]
    [InlineData("if(seconds, 1, 2)", "SPC063", 4)]
    [InlineData("if(liked, 1, 'a')", "SPC063", 14)]
    [InlineData("coalesce(seconds, device)", "SPC063", 19)]
    [InlineData("started + now", "SPC063", 11)]
    [InlineData("1 - started", "SPC063", 5)]
    [InlineData("time('soon')", "SPC063", 6)]
    [InlineData("time(device)", "SPC063", 6)]
    [InlineData("hour(seconds)", "SPC063", 6)]
    [InlineData("liked < true", "SPC063", 1)]
    [InlineData("cross(device, now)", "SPC063", 15)]
    [InlineData("null", "SPC063", 1)]
    public void Parse_OfWhatIsWrong_SaysWhere(string text, string code, int column)
    {
        if (Expression.TryParse(text, out Expression? expression, out Fault? fault, out int at))
        {
            Assert.Null(expression.TypeIn(Scope, out fault, out at));
        }

        Assert.NotNull(fault);
        Assert.Equal((code, column), (fault.Code, at));
        Assert.Contains(
            code is "SPC063" && text == "null" ? "always null" : $"Column {column.ToString(CultureInfo.InvariantCulture)} of",
            fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfAnUnknownName_SaysTheNearest()
    {
        Expression.Parse("secnds / 2").TypeIn(Scope, out Fault? fault);

        Assert.Equal("seconds", fault!.Nearest);
    }

    [Theory]
    [InlineData("seconds / 60", ExpressionType.Number)]
    [InlineData("seconds > 300 and device == \"tv\"", ExpressionType.Flag)]
    [InlineData("cross(device, hour(started), liked)", ExpressionType.Text)]
    [InlineData("now - started", ExpressionType.Number)]
    [InlineData("now + 3600", ExpressionType.Time)]
    [InlineData("3600 + now", ExpressionType.Time)]
    [InlineData("max(now, started)", ExpressionType.Time)]
    [InlineData("coalesce(null, device)", ExpressionType.Text)]
    [InlineData("if(is_null(seconds), null, 1)", ExpressionType.Number)]
    [InlineData("started > time('2026-01-01')", ExpressionType.Flag)]
    public void TypeIn_FindsTheType(string text, ExpressionType type) =>
        Assert.Equal(type, Expression.Parse(text).TypeIn(Scope, out _));

    [Fact]
    public void Parse_OfWhatIsTooDeepOrTooLong_IsRefused()
    {
        string deep = new string('(', 33) + "1" + new string(')', 33);
        string signs = new string('-', 33) + "1";
        string text = new('1', Expression.LongestText + 1);

        Assert.All(
            [deep, signs, text],
            each => Assert.Equal("SPC060", Assert.Throws<TandemException>(() => Expression.Parse(each)).Fault.Code));
    }

    [Theory]
    [InlineData("columns: {minutes: seconds / 60}", "SPC061", 21)]
    [InlineData("columns: {minutes: 'watch_seconds / sixty'}", "SPC061", 38)]
    [InlineData("columns: {minutes: watch_seconds * '60'}", "SPC063", 37)]
    [InlineData("columns: {watch_seconds: watch_seconds / 60}", "SPC019", 12)]
    public void File_WithAWrongColumn_SaysWhere(string columns, string code, int column)
    {
        SpecFile file = Specs.Parse($$"""
            name: home-feed
            objective: {task: retrieval, label: {event: play} }
            sources:
              play: {entities: [user, item], columns: { watch_seconds: number } }
            features:
              long:
                entity: user
                source: play
            {{"    " + columns}}
                aggregates: {plays: count}
            """);

        Fault fault = Assert.Single(file.Faults);
        Assert.Equal((code, $"tandem.yaml:9:{column + 3}"), (fault.Code, fault.Place));
    }

    [Theory]
    [InlineData("hour: hour(now)", null)]
    [InlineData("slot: request.slot", null)]
    [InlineData("ctr: user_play:plays / user_play:seconds", null)]
    [InlineData("pair: cross(videos:category, request.slot)", null)]
    [InlineData("tv: '`user_play:by.tv` / 2'", null)]
    [InlineData("a: moment:b + 1\n      b: hour(now)", null)]
    [InlineData("a: moment:b\n      b: moment:c\n      c: moment:a", "SPC064")]
    [InlineData("a: moment:a", "SPC064")]
    [InlineData("a: request.slt", "SPC061")]
    [InlineData("a: user_play:last_items", "SPC061")]
    [InlineData("a: seconds", "SPC061")]
    [InlineData("a: videos:category + 1", "SPC063")]
    public void File_WithComputedFeatures_IsChecked(string compute, string? code)
    {
        SpecFile file = Specs.Parse($$"""
            name: home-feed
            objective: {task: retrieval, label: {event: play, impression: shown} }
            sources:
              play: {entities: [user, item], columns: {seconds: number, device: text} }
              shown: {entities: [user, item], columns: {slot: text} }
              videos: {kind: table, entities: item, columns: {category: text} }
            features:
              moment:
                compute:
                  {{compute}}
              user_play:
                entity: user
                source: play
                aggregates:
                  plays: count
                  seconds: sum seconds
                  last_items: last_k item 5
                  by: {operator: count, by: device, values: [tv]}
            """);

        Assert.Equal(code ?? "", string.Join(' ', file.Faults.Select(static fault => fault.Code).Distinct(StringComparer.Ordinal)));
        Assert.All(
            file.Faults.Where(static fault => fault.Code == "SPC064"),
            static fault => Assert.Contains("moment:a → ", fault.What, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("compute: {a: hour(now)}, source: play", "SPC017")]
    [InlineData("entity: user, aggregates: {plays: count}", "SPC013")]
    [InlineData("entity: user, source: play", "SPC013")]
    [InlineData("compute: {}", "SPC014")]
    public void File_WithHalfAView_IsRefused(string view, string code)
    {
        SpecFile file = Specs.Parse($$"""
            name: home-feed
            objective: {task: retrieval, label: {event: play} }
            sources: {play: [user, item]}
            features: {half: { {{view}} } }
            """);

        Assert.Equal(code, Assert.Single(file.Faults).Code);
    }

    [Theory]
    [InlineData("[user, item]", null)]
    [InlineData("[user, device]", null)]
    [InlineData("[user, slot]", null)]
    [InlineData("[user, item.category]", null)]
    [InlineData("[user, user]", "SPC018")]
    [InlineData("[user]", "SPC014")]
    [InlineData("[user, item, device]", "SPC014")]
    [InlineData("[user, seconds]", "SPC065")]
    [InlineData("[global, item]", "SPC065")]
    [InlineData("[user, item.price]", "SPC065")]
    [InlineData("[user, user.category]", "SPC065")]
    [InlineData("[user, divice]", "SPC022")]
    [InlineData("[user, item.categry]", "SPC022")]
    [InlineData("[user, thing.category]", "SPC035")]
    public void File_WithAPair_IsChecked(string entity, string? code)
    {
        SpecFile file = WithFeatures(
            $"pairs: {{entity: {entity}, source: play, columns: {{slot: 'cross(device, seconds)'}}, aggregates: {{plays: count}} }}");

        Assert.Equal(code, file.Faults.Count == 0 ? null : Assert.Single(file.Faults).Code);
        Assert.NotEqual(file.Spec?.Features["pairs"].With is null, code is null);
    }

    [Theory]
    [InlineData("{recent: last_k item.category 50}", null)]
    [InlineData("{newest: last item.category over 7d}", null)]
    [InlineData("{plays: {operator: count, by: item.category, values: [news, art]} }", null)]
    [InlineData("{recent: last_k item.price}", "SPC065")]
    [InlineData("{recent: last_k user.category}", "SPC065")]
    [InlineData("{recent: last_k item.categry}", "SPC022")]
    [InlineData("{recent: last_k thing.category}", "SPC035")]
    [InlineData("{mean: mean item.category}", "SPC036")]
    public void File_ThatReadsAColumnOfATable_IsChecked(string aggregates, string? code)
    {
        SpecFile file = WithFeatures(
            $"seen: {{entity: user, source: play, where: [item.category != news], aggregates: {aggregates} }}");

        Assert.Equal(code, file.Faults.Count == 0 ? null : Assert.Single(file.Faults).Code);
    }

    [Fact]
    public void File_WhereATableLooksUp_IsRefused()
    {
        SpecFile file = WithFeatures("seen: {entity: item, source: videos, aggregates: {newest: last item.category} }");

        Assert.Equal("SPC065", Assert.Single(file.Faults).Code);
    }

    [Theory]
    [InlineData("item.category != news", null)]
    [InlineData("item.price == 3", "SPC065")]
    [InlineData("item.category > news", "SPC034")]
    public void File_WithAConditionOnAColumnOfATable_IsChecked(string condition, string? code)
    {
        SpecFile file = WithFeatures(
            $"seen: {{entity: user, source: play, where: ['{condition}'], aggregates: {{newest: last item.category}} }}, " +
            "mix: {compute: {is_art: 'seen:newest == \"art\"'} }");

        Assert.Equal(code, file.Faults.Count == 0 ? null : file.Faults[0].Code);
    }

    [Fact]
    public void File_WithAnEmptyView_SaysWhatIsMissing()
    {
        SpecFile file = Specs.Parse("""
            name: home-feed
            objective: {task: retrieval, label: {event: play} }
            sources: {play: [user, item]}
            features: {half: }
            """);

        Assert.Equal(["SPC013", "SPC013", "SPC013"], file.Faults.Select(static fault => fault.Code), StringComparer.Ordinal);
    }

    /// <summary>A file with some features over plays of videos that a table describes.</summary>
    private static SpecFile WithFeatures(string features) => Specs.Parse($$"""
        name: home-feed
        objective: {task: retrieval, label: {event: play} }
        sources:
          play: {entities: [user, item], columns: {seconds: number, device: text} }
          videos: {kind: table, entities: item, columns: {category: text, price: number} }
        features: { {{features}} }
        """);

    private static bool IsSame(Expression left, Expression right) =>
        left.Kind == right.Kind && left.Name == right.Name && left.Number.Equals(right.Number)
        && left.Arguments.Count == right.Arguments.Count
        && left.Arguments.Zip(right.Arguments)
            .All(static pair => IsSame(pair.First, pair.Second));

    private static Expression Tree(Random random, int depth)
    {
        string[] calls =
        [
            "and", "or", "not", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "negate", "abs", "if", "coalesce",
            "distance",
        ];
        string[] names = ["seconds", "request.lat", "view:plays_7d", "a b", "not", "ü", "view:by.42"];
        if (depth == 0 || random.Next(4) == 0)
        {
            return random.Next(5) switch
            {
                0 => Expression.Constant(ExpressionKind.Number, "", Math.Exp((random.NextDouble() - 0.5) * 80), 0),
                1 => Expression.Constant(ExpressionKind.Flag, "", random.Next(2), 0),
                2 => Expression.Constant(ExpressionKind.Nothing, "", 0, 0),
                3 => Expression.Constant(ExpressionKind.Text, new[] { "", "tv", "a\"b", "\\", "'", "`ü" }[random.Next(6)], 0, 0),
                _ => Expression.Constant(ExpressionKind.Name, names[random.Next(names.Length)], 0, 0),
            };
        }

        string call = calls[random.Next(calls.Length)];
        int count = call switch
        {
            "not" or "negate" or "abs" => 1,
            "if" => 3,
            "distance" => 4,
            "coalesce" => 2 + random.Next(3),
            _ => 2,
        };
        return Expression.Call(call, 0, [.. Enumerable.Range(0, count).Select(_ => Tree(random, depth - 1))]);
    }
}
