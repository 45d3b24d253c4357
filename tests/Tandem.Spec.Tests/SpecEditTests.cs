using System.Text.Json.Nodes;
using Tandem.Faults;

namespace Tandem.Spec.Tests;

public sealed class SpecEditTests
{
    [Theory]
    // Replacing
    [InlineData("a: 1\nb: 2", "a", "7", "a: 7\nb: 2")]
    [InlineData("a:   1   # why\nb: 2\n", "a", "7", "a:   7   # why\nb: 2\n")]
    [InlineData("a: 'x y'\n", "a", "\"z\"", "a: z\n")]
    [InlineData("a: \"x\"\r\nb: 2\r\n", "a", "true", "a: true\r\nb: 2\r\n")]
    [InlineData("{a: 1, b: {c: 2}}", "b.c", "3", "{a: 1, b: {c: 3}}")]
    [InlineData("{a: 1, b: {c: 2}}", "b", "\"x, y\"", "{a: 1, b: \"x, y\"}")]
    [InlineData("\uFEFFa: 1\n", "a", "2", "\uFEFFa: 2\n")]
    [InlineData("a:\n  - x # first\n  - y\n", "a.1", "\"z\"", "a:\n  - x # first\n  - z\n")]
    [InlineData("a: |\n  long\n  text\nb: 1\n", "a", "\"short\"", "a: short\nb: 1\n")]
    [InlineData("a: long\n  text\nb: 1\n", "a", "\"short\"", "a: short\nb: 1\n")]
    [InlineData("a: [1, [2]] # why\nb: {c: {d: 1}}\n", "a", "3", "a: 3 # why\nb: {c: {d: 1}}\n")]
    [InlineData("a: [{c: {d: 1}}, 2]\n", "a.0", "3", "a: [3, 2]\n")]
    // Replacing what takes lines
    [InlineData("a: # why\n  b: 1\n  c: 2 # end\nd: 3\n", "a", "\"x\"", "a: x # why # end\nd: 3\n")]
    [InlineData("a:\n- x\n- y\nb: 1\n", "a", "[\"z\"]", "a: [z]\nb: 1\n")]
    [InlineData("a:\r\n  # about b\r\n  b: 1\r\nc: 2", "a", "{\"b\":2}", "a: {b: 2}\r\n  # about b\r\nc: 2")]
    // Giving an empty key a value
    [InlineData("a:\nb: 2", "a", "1", "a: 1\nb: 2")]
    [InlineData("a:   # why\nb: 2", "a.c", "1", "a: {c: 1}   # why\nb: 2")]
    [InlineData("{a, b: 2}", "a", "1", "{a: 1, b: 2}")]
    [InlineData("a: ~\n", "a.b.c", "1", "a: {b: {c: 1}}\n")]
    // Adding
    [InlineData("a:\n  b: 1 # why\n\n# end\nc: 2\n", "a.x", "7", "a:\n  b: 1 # why\n  x: 7\n\n# end\nc: 2\n")]
    [InlineData("a: 1", "b", "2", "a: 1\nb: 2")]
    [InlineData("a: 1\r\n", "b", "2", "a: 1\r\nb: 2\r\n")]
    [InlineData("a:\r\n    b: 1\r\n", "a.c", "2", "a:\r\n    b: 1\r\n    c: 2\r\n")]
    [InlineData("a: {}\n", "a.b", "1", "a: {b: 1}\n")]
    [InlineData("a: {b: 1}\n", "a.c", "2", "a: {b: 1, c: 2}\n")]
    [InlineData("a: {\n  b: 1, # why\n}\n", "a.c", "2", "a: {\n  b: 1, c: 2, # why\n}\n")]
    [InlineData("a: 1\n", "b.c", "[1,2]", "a: 1\nb: {c: [1, 2]}\n")]
    [InlineData("a:\n- b: 1\n- c: 2\n", "a.0.d", "3", "a:\n- b: 1\n  d: 3\n- c: 2\n")]
    [InlineData("a:\n  b:\n", "a.c", "1", "a:\n  b:\n  c: 1\n")]
    [InlineData("\uFEFFa: 1", "b", "2", "\uFEFFa: 1\nb: 2")]
    public void Set_InAnyStyle_ChangesThatPlaceAlone(string before, string path, string value, string after)
    {
        SpecFile file = Specs.Parse(before).With(path, JsonNode.Parse(value));

        Assert.Equal(after, file.Text);
    }

    [Theory]
    [InlineData("a: 1\nb: 2\n", "a", "b: 2\n")]
    [InlineData("a: 1\nb: 2", "b", "a: 1")]
    [InlineData("a: 1\r\nb: 2\r\n", "b", "a: 1\r\n")]
    [InlineData("a:\n  b: 1\n  # stays\n  c:\n    d: 2 # goes\ne: 3\n", "a.c", "a:\n  b: 1\n  # stays\ne: 3\n")]
    [InlineData("a:\n  b: 1\ne: 3\n", "a.b", "a:\ne: 3\n")]
    [InlineData("a: {b: 1, c: 2, d: 3}", "a.b", "a: {c: 2, d: 3}")]
    [InlineData("a: {b: 1, c: 2, d: 3}", "a.d", "a: {b: 1, c: 2}")]
    [InlineData("a: {b: 1}", "a.b", "a: {}")]
    [InlineData("a:\n- b: 1\n  c: 2\n", "a.0.b", "a:\n- c: 2\n")]
    [InlineData("a:\n- b: 1\n", "a.0.b", "a:\n- {}\n")]
    [InlineData("a: 1\n", "x.y", "a: 1\n")]
    public void Without_InAnyStyle_RemovesThatKeyAlone(string before, string path, string after)
    {
        SpecFile file = Specs.Parse(before).Without(path);

        Assert.Equal(after, file.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData(" leading")]
    [InlineData("trailing ")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("- a")]
    [InlineData("[a")]
    [InlineData("it's \"quoted\" \\ back")]
    [InlineData("line\nbreak\ttab")]
    [InlineData("@at")]
    [InlineData("café 😀")]
    [InlineData("\u2028\u0085\uFEFF")]
    [InlineData("%x")]
    [InlineData("...")]
    [InlineData("a:")]
    public void With_TextThatNeedsQuotes_ReadsBackEqual(string text)
    {
        SpecFile block = Specs.Parse(Specs.Video).With("objective.goal", text);
        SpecFile flow = Specs.Parse("a: {b: 1}").With("a.b", text);

        Assert.Equal(text, block.Spec!.Objective.Goal);
        Assert.StartsWith("a: {b: ", flow.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void With_NumberAsText_NeedsNoQuotes()
    {
        SpecFile file = Specs.Parse(Specs.Video).With("serving.slots", "12");

        Assert.Contains("\n  slots: 12\n", file.Text, StringComparison.Ordinal);
        Assert.Equal(12, file.Spec!.Serving.Slots);
    }

    [Fact]
    public void With_ValueThatDoesNotFit_IsAFaultOfTheNewFile()
    {
        SpecFile file = Specs.Parse(Specs.Video).With("serving.slots", "many");

        Fault fault = Assert.Single(file.Faults);
        Assert.Equal("SPC012", fault.Code);
        Assert.Null(file.Spec);
    }

    [Theory]
    [InlineData("a: 1\n", "a.b")]
    [InlineData("a: [1]\n", "a.4")]
    [InlineData("", "a")]
    [InlineData("a: [", "a")]
    public void With_WhereNothingCanBeSet_IsRefused(string text, string path)
    {
        TandemException thrown = Assert.Throws<TandemException>(() => Specs.Parse(text).With(path, 1));

        Assert.Equal("SPC040", thrown.Fault.Code);
    }

    [Fact]
    public void Without_LastKeyOfTheFile_IsRefused()
    {
        TandemException thrown = Assert.Throws<TandemException>(static () => Specs.Parse("a: 1\n").Without("a"));

        Assert.Equal("SPC040", thrown.Fault.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    public void With_EmptyStep_IsTheCallersMistake(string path)
    {
        Assert.Throws<ArgumentException>(() => Specs.Parse("a: 1").With(path, 1));
    }
}
