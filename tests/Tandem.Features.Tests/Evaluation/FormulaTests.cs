using Tandem.Features.Evaluation;
using Tandem.Spec;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Features.Tests.Evaluation;

public sealed class FormulaTests
{
    private static readonly string[] Names = ["n1", "n2", "f1", "f2", "t1", "t2", "m1", "m2"];

    private static readonly ExpressionScope Scope = new(
        name => name[0] switch
        {
            'n' => ExpressionType.Number,
            'f' => ExpressionType.Flag,
            't' => ExpressionType.Text,
            _ => ExpressionType.Time,
        },
        Names);

    private readonly ITestOutputHelper _output;

    public FormulaTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Evaluate_OfRandomExpressionsOverRandomRows_EqualsTheOracleBitForBit(int seed)
    {
        _output.WriteLine($"seed {seed}");
        Random random = new(seed);
        FormulaCompiler compiler = new(Scope, name => Array.IndexOf(Names, name));
        SourceRow row = new(Names.Length);
        for (int i = 0; i < 10_000; i++)
        {
            string text = Text(random, random.Next(4), 4);
            var expression = Expression.Parse(text);
            if (expression.TypeIn(Scope, out _) is not { } type)
            {
                // Null all through.
                continue;
            }

            Formula formula = compiler.Compile(expression);
            for (int again = 0; again < 3; again++)
            {
                Dictionary<string, object?> values = Values(random);
                Fill(row, values);

                object? expected = ExpressionOracle.Value(expression, name => values[name]);

                object? actual = type == ExpressionType.Text
                    ? formula.TryText(row, out ReadOnlySpan<byte> utf8) ? System.Text.Encoding.UTF8.GetString(utf8) : null
                    : formula.Number(row) is var number && double.IsNaN(number) ? null : number;
                Assert.True(
                    Equals(expected is null or string ? expected : AsNumber(expected), actual),
                    $"{text} over {string.Join(", ", values)}: {expected} but {actual}");
            }
        }
    }

    [Theory]
    [InlineData("1 / 0", null)]
    [InlineData("0 / 0", null)]
    [InlineData("1e308 * 10", null)]
    [InlineData("sqrt(-1)", null)]
    [InlineData("log1p(-1)", null)]
    [InlineData("log1p(-2)", null)]
    [InlineData("log1p(0.0000000001)", 0.0000000001 - 5e-21)]
    [InlineData("floor(-0.5)", -1.0)]
    [InlineData("ceil(-0.5)", 0.0)]
    [InlineData("hour(time('2026-03-01T17:59:59.999999Z'))", 17.0)]
    [InlineData("hour(time('1969-12-31T23:30:00Z'))", 23.0)]
    [InlineData("weekday(time('2026-03-01T00:00:00Z'))", 7.0)]
    [InlineData("weekday(time('1969-12-29T00:00:00Z'))", 1.0)]
    [InlineData("hour(time('2026-03-01T01:30:00+02:00'))", 23.0)]
    [InlineData("distance(52.52, 13.405, 48.8566, 2.3522)", 877.4645379215092)]
    [InlineData("distance(0, 0, 0, 180)", Math.PI * 6371.0088)]
    [InlineData("distance(91, 0, 0, 0)", null)]
    public void Evaluate_OfConstants_GivesTheKnownValue(string text, double? expected)
    {
        Formula formula = new FormulaCompiler(Scope, _ => 0).Compile(Expression.Parse(text));

        double actual = formula.Number(new SourceRow(1));

        Assert.Equal(expected ?? double.NaN, actual, 1e-9 * Math.Max(1e-12, Math.Abs(expected ?? 0)));
        Assert.False(double.IsNegative(actual) && actual == 0);
    }

    [Fact]
    public void Evaluate_OfManyRows_AllocatesNothing()
    {
        Formula formula = new FormulaCompiler(Scope, name => Array.IndexOf(Names, name)).Compile(
            Expression.Parse("cross(coalesce(t1, 'none'), hour(m1), n1 / 60, f1 or n2 > 3)"));
        SourceRow row = new(Names.Length);
        Dictionary<string, object?> values = Names.ToDictionary(static name => name, static _ => (object?)null, StringComparer.Ordinal);
        values["t1"] = "phöne|";
        values["m1"] = DateTimeOffset.UnixEpoch;
        values["n1"] = 100.0;
        values["n2"] = 4.0;
        Fill(row, values);
        Assert.True(formula.TryText(row, out ReadOnlySpan<byte> text));
        Assert.Equal("phöne\\||0|1.6666666666666667|true", System.Text.Encoding.UTF8.GetString(text));

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                formula.TryText(row, out _);
            }
        });

        Assert.Equal(0, allocated);
    }

    private static double AsNumber(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        DateTimeOffset time => ExpressionOracle.Seconds(time),
        _ => (double)value,
    };

    private static Dictionary<string, object?> Values(Random random) => Names.ToDictionary(
        name => name,
        name => random.Next(4) == 0 ? null : Value(random, name),
        StringComparer.Ordinal);

    private static object? Value(Random random, string name)
    {
        double number = random.Next(3) switch
        {
            0 => random.Next(-3, 4),
            1 => Math.Round((random.NextDouble() - 0.5) * 200, 3),
            _ => Math.Exp((random.NextDouble() - 0.5) * 1400) * random.Next(-1, 2),
        };
        string[] texts = ["", "tv", "ph\u00f6ne", "a|b", "\\", "|"];
        return name[0] switch
        {
            'n' => double.IsFinite(number) ? number + 0.0 : null,
            'f' => random.Next(2) == 0,
            't' => texts[random.Next(texts.Length)],
            _ => DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(-1_000_000_000, 4_000_000_000_000_000) * 10),
        };
    }

    private static void Fill(SourceRow row, Dictionary<string, object?> values)
    {
        row.Clear();
        for (int c = 0; c < Names.Length; c++)
        {
            if (values[Names[c]] is string text)
            {
                row.Set(c, System.Text.Encoding.UTF8.GetBytes(text));
            }
            else if (values[Names[c]] is { } value)
            {
                row.Set(c, AsNumber(value));
            }
        }
    }

    /// <summary>A random expression of a type: 0 a number, 1 a flag, 2 a text, 3 a moment.</summary>
    private static string Text(Random random, int type, int depth)
    {
        string N() => Text(random, 0, depth - 1);
        string F() => Text(random, 1, depth - 1);
        string T() => Text(random, 2, depth - 1);
        string M() => Text(random, 3, depth - 1);
        string Same() => Text(random, type, depth - 1);
        string[] signs = ["==", "!=", "<", "<=", ">", ">="];
        string sign = signs[random.Next(6)];
        if (depth == 0)
        {
            string name = "nftm"[type] + (random.Next(2) == 0 ? "1" : "2");
            string[] constants = ["2.5", "true", "'tv'", "time('2026-03-01T12:00:00Z')"];
            return random.Next(5) switch { 0 => constants[type], 1 when random.Next(3) == 0 => "null", _ => name };
        }

        Func<string>[] forms = type switch
        {
            0 =>
            [
                () => $"({N()} + {N()})", () => $"({N()} - {N()})", () => $"({N()} * {N()})", () => $"({N()} / {N()})",
                () => $"-{N()}", () => $"abs({N()})", () => $"log1p({N()})", () => $"sqrt({N()})",
                () => $"floor({N()})", () => $"max({N()}, {N()}, {N()})",
                () => $"distance({N()}, {N()}, {N()}, {N()})", () => $"weekday({M()}) + hour({M()})",
            ],
            1 =>
            [
                () => $"({F()} and {F()})", () => $"({F()} or {F()})", () => $"(not {F()})",
                () => $"({N()} {sign} {N()})", () => $"({T()} {sign} {T()})", () => $"({M()} {sign} {M()})",
                () => $"is_null({T()})", () => $"is_null({N()})",
            ],
            2 => [() => $"cross({T()}, {N()}, {F()})", () => $"cross({T()}, {T()})"],
            _ => [() => $"min({M()}, {M()})"],
        };
        return random.Next(8) switch
        {
            0 => $"if({F()}, {Same()}, {Same()})",
            1 => $"coalesce({Same()}, {Same()}, {Same()})",
            2 => Text(random, type, 0),
            _ => forms[random.Next(forms.Length)](),
        };
    }
}
