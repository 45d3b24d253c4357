using System.Text;
using Tandem.Spec;
using Tandem.Testing;

namespace Tandem.Workspace.Tests;

public sealed class ColumnCheckTests
{
    [Theory]
    [InlineData("""{"whole":1,"number":0.5,"text":"abc","flag":true,"time":"2026-01-01T00:00:00Z","numbers":[1,2.5],"texts":["a"]}""")]
    [InlineData("""{"whole":1,"number":null,"text":null,"numbers":[],"texts":[]}""")]
    [InlineData("""{"whole":1,"text":"äöü"}""")]
    [InlineData("""{"whole":1,"text":"\u00e4\u00f6\u00fc"}""")]
    [InlineData("""{"whole":1,"other":{"deep":[1]}}""")]
    [InlineData("""{"texts":["abc","abc","abc","abc"],"whole":-5}""")]
    public void Find_OfAllowedData_FindsNothing(string data) => Assert.Null(Find(data));

    [Theory]
    [InlineData("", "WSP004")]
    [InlineData("""{}""", "WSP004")]
    [InlineData("""{"whole":null}""", "WSP004")]
    [InlineData("""{"whole":1.5}""", "WSP005")]
    [InlineData("""{"whole":"1"}""", "WSP005")]
    [InlineData("""{"whole":1,"number":"x"}""", "WSP005")]
    [InlineData("""{"whole":1,"text":7}""", "WSP005")]
    [InlineData("""{"whole":1,"flag":1}""", "WSP005")]
    [InlineData("""{"whole":1,"time":"noon"}""", "WSP005")]
    [InlineData("""{"whole":1,"numbers":[1,"2"]}""", "WSP005")]
    [InlineData("""{"whole":1,"numbers":{}}""", "WSP005")]
    [InlineData("""{"whole":1,"texts":["a",null]}""", "WSP005")]
    [InlineData("""{"whole":-6}""", "WSP006")]
    [InlineData("""{"whole":1,"number":1.01}""", "WSP006")]
    [InlineData("""{"whole":1,"text":"abcd"}""", "WSP022")]
    [InlineData("""{"whole":1,"numbers":[1,2,3]}""", "WSP022")]
    [InlineData("""{"whole":1,"texts":["a","abcd"]}""", "WSP022")]
    public void Find_OfOtherData_FindsWhatIsWrong(string data, string code) => Assert.Equal(code, Find(data)?.Code);

    [Fact]
    public void Find_WhereUnknownColumnsAreRefused_NamesTheColumn()
    {
        Faults.Fault? fault = Find("""{"whole":1,"other":1}""", UnknownColumns.Refuse);

        Assert.Equal("WSP021", fault?.Code);
        Assert.Contains("'other'", fault!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_OfDataThatPass_AllocatesNothing()
    {
        ColumnCheck check = new("play", Source(UnknownColumns.Keep));
        byte[] data = """{"whole":1,"number":0.5,"text":"abc","numbers":[1,2.5],"other":1}"""u8.ToArray();

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                check.Find(data);
            }
        });

        Assert.Equal(0, allocated);
    }

    private static Faults.Fault? Find(string data, UnknownColumns unknown = UnknownColumns.Keep) =>
        new ColumnCheck("play", Source(unknown)).Find(Encoding.UTF8.GetBytes(data));

    private static SourceSpec Source(UnknownColumns unknown) => new()
    {
        Entities = ["user"],
        UnknownColumns = unknown,
        Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
        {
            ["whole"] = new() { Type = ColumnType.Whole, IsRequired = true, Minimum = -5 },
            ["number"] = new() { Type = ColumnType.Number, Maximum = 1 },
            ["text"] = new() { Type = ColumnType.Text, MaximumLength = 3 },
            ["flag"] = new() { Type = ColumnType.Flag },
            ["time"] = new() { Type = ColumnType.Time },
            ["numbers"] = new() { Type = ColumnType.NumberList, MaximumLength = 2 },
            ["texts"] = new() { Type = ColumnType.TextList, MaximumLength = 3 },
        },
    };
}
