using System.Text;
using System.Text.Json.Nodes;
using Tandem.Faults;

namespace Tandem.Spec.Tests;

/// <summary>No text, however broken, is answered otherwise than by faults.</summary>
public sealed class RobustnessTests
{
    private const string Alphabet = "abkn_019 :-,[]{}#&*!|>'\"%@`?~\\\n\n\n\t\r.\u0085\u2028\uFEFFé😀\0";

    [Fact]
    public void Parse_RandomTexts_NeverThrows()
    {
        for (int seed = 0; seed < 4000; seed++)
        {
            Random random = new(seed);
            char[] text = new char[random.Next(0, 80)];
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[random.Next(Alphabet.Length)];
            }

            AssertAnswered(new string(text), seed);
        }
    }

    [Fact]
    public void Parse_RandomBytes_NeverThrows()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            byte[] bytes = new byte[64];
            new Random(seed).NextBytes(bytes);

            var file = SpecFile.Parse(bytes, "tandem.yaml", TestVocabulary.Words);

            Assert.True(file.Spec is null && file.Faults.Count > 0, $"seed {seed}");
        }
    }

    [Fact]
    public void Parse_MutatedValidFiles_NeverThrows()
    {
        for (int seed = 0; seed < 5000; seed++)
        {
            Random random = new(seed);
            string valid = Specs.ValidTexts[random.Next(Specs.ValidTexts.Count)];
            AssertAnswered(Mutate(valid, random), seed);
        }
    }

    [Fact]
    public void With_OnMutatedFiles_EditsOrRefuses()
    {
        string[] paths = ["training.seed", "name", "sources.play.columns", "serving.rules.0.limit", "evaluation.metrics", "x.y", "model"];
        for (int seed = 0; seed < 2000; seed++)
        {
            Random random = new(seed);
            SpecFile file = Specs.Parse(Mutate(Specs.Video, random));
            string path = paths[random.Next(paths.Length)];
            try
            {
                _ = random.Next(3) == 0 ? file.Without(path) : file.With(path, JsonValue.Create(random.Next()));
            }
            catch (TandemException refused)
            {
                Assert.Equal("SPC040", refused.Fault.Code);
            }
            catch (Exception wrong)
            {
                Assert.Fail($"seed {seed}, {path}: {wrong}\n{file.Text}");
            }
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("a: [")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("\n ")]
    [InlineData("\"")]
    [InlineData("a")]
    [InlineData("a:\n")]
    [InlineData("a: b\n")]
    [InlineData("#")]
    [InlineData(",")]
    public void Parse_LargestRepetition_AnswersWithFaults(string piece)
    {
        StringBuilder text = new();
        while (text.Length + piece.Length <= SpecFile.LargestBytes)
        {
            text.Append(piece);
        }

        SpecFile file = Specs.Parse(text.ToString());

        Assert.NotEmpty(file.Faults);
    }

    private static string Mutate(string text, Random random)
    {
        StringBuilder mutated = new(text);
        for (int change = random.Next(1, 6); change > 0; change--)
        {
            int at = random.Next(mutated.Length);
            switch (random.Next(5))
            {
                case 0:
                    mutated[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
                case 1:
                    mutated.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                    break;
                case 2:
                    mutated.Remove(at, Math.Min(random.Next(1, 12), mutated.Length - at));
                    break;
                case 3:
                    mutated.Insert(at, mutated.ToString(at, Math.Min(random.Next(1, 40), mutated.Length - at)));
                    break;
                default:
                    mutated.Insert(at, "\n");
                    break;
            }
        }

        return mutated.ToString();
    }

    private static void AssertAnswered(string text, int seed)
    {
        try
        {
            SpecFile file = Specs.Parse(text);
            Assert.Equal(file.Faults.Count == 0, file.Spec is not null);
            Assert.All(file.Faults, static fault => Assert.StartsWith("tandem.yaml:", fault.Place, StringComparison.Ordinal));
        }
        catch (Exception wrong)
        {
            Assert.Fail($"seed {seed}: {wrong}\n{text}");
        }
    }
}
