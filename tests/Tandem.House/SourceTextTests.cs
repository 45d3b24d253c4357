namespace Tandem.House;

public sealed class SourceTextTests
{
    [Fact]
    public void Parse_KeepsCodeOnItsLinesAndTakesLiteralsAndCommentsOut()
    {
        var source = SourceText.Parse("a // one\nb = \"two\"; /* three\nfour */ c\n'\"' d");

        Assert.Equal(["a ", "b = \"\"; ", " c", "' ' d"], source.CodeLines);
        Assert.Equal([new SourceText.Piece(2, "two")], source.Literals);
        Assert.Equal([new(1, "// one"), new(2, "/* three\nfour */")], source.Comments);
    }

    [Theory]
    [InlineData("x = \"a\\\"b\";", "a\\\"b")]
    [InlineData("x = @\"a\"\"b\";", "a\"\"b")]
    [InlineData("x = $\"a{{b\";", "a{{b")]
    [InlineData("x = \"\"\"a\"b\"\"\";", "a\"b")]
    [InlineData("x = \"\";", "")]
    public void Parse_OfEachKindOfString_FindsItsText(string code, string text)
    {
        var source = SourceText.Parse(code);

        Assert.Equal(text, Assert.Single(source.Literals).Text);
        Assert.Equal(["x = \"\";"], source.CodeLines);
    }

    [Theory]
    [InlineData("x = $\"a{File.Read(\"b\")}c\";")]
    [InlineData("x = $@\"a{File.Read(\"b\")}c\";")]
    [InlineData("x = $$\"\"\"a{{File.Read(\"b\")}}c\"\"\";")]
    public void Parse_OfAnInterpolatedString_CountsHolesAsCode(string code)
    {
        var source = SourceText.Parse(code);

        Assert.Equal([new(1, "b"), new(1, "a{}c")], source.Literals);
        Assert.Contains("File.Read(\"\")", source.CodeLines[0], StringComparison.Ordinal);
    }
}
