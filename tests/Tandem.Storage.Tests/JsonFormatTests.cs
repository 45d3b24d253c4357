using System.Text;

namespace Tandem.Storage.Tests;

public sealed class JsonFormatTests
{
    [Theory]
    [InlineData("""{"format":"tandem.thing/1"}""", 1, "tandem.thing/1")]
    [InlineData("""{"record":{},"format":"tandem.thing/12"}""", 12, "tandem.thing/12")]
    [InlineData("""{"format":"tandem.things/1"}""", null, "tandem.things/1")]
    [InlineData("""{"format":"tandem.thing/0"}""", null, "tandem.thing/0")]
    [InlineData("""{"format":"tandem.thing/-1"}""", null, "tandem.thing/-1")]
    [InlineData("""{"format":7}""", null, "")]
    [InlineData("""["format"]""", null, "")]
    public void ReadVersion_TellsWhatTheFileSays(string json, int? expected, string text)
    {
        int? version = JsonFormat.ReadVersion(Encoding.UTF8.GetBytes(json), "tandem.thing", out string found);

        Assert.Equal(expected, version);
        Assert.Equal(text, found);
    }
}
