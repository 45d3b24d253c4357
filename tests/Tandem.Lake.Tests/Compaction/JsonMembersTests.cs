using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Lake.Compaction;

namespace Tandem.Lake.Tests.Compaction;

public sealed class JsonMembersTests
{
    private const int Seed = 20260901;

    [Fact]
    public void Next_OverAnyObject_CutsWhereTheCheckingReaderDoes()
    {
        Random random = new(Seed);
        for (int round = 0; round < 500; round++)
        {
            JsonSerializerOptions options = new() { WriteIndented = random.Next(2) == 0 };
            string json = Made(random, depth: 4, isObject: true).ToJsonString(options);
            using var expected = JsonDocument.Parse(json);

            List<(string Name, string Value, JsonTokenType Kind)> cut = Cut(json);

            Assert.True(
                expected.RootElement.EnumerateObject().Select(static m => (m.Name, m.Value.GetRawText()))
                    .SequenceEqual(cut.Select(static m => (m.Name, m.Value))),
                $"Seed {Seed}, round {round}: {json}");
            Assert.Equal(expected.RootElement.EnumerateObject().Select(static m => KindOf(m.Value)), cut.Select(static m => m.Kind));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"a":1""")]
    [InlineData("""{"a":}""")]
    [InlineData("""{"a" 1}""")]
    [InlineData("""{a:1}""")]
    [InlineData("""{"a":1 "b":2}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":"x}""")]
    [InlineData("""{"a":"x\"}""")]
    [InlineData("""{"a":"x\""")]
    [InlineData("""{"a":[1,{"b":2}}""")]
    [InlineData("""{"a":1}{"b":2}""")]
    [InlineData("""{"a":1} x""")]
    public void Next_OverWhatIsNotOneWholeObject_Refuses(string json) =>
        Assert.Throws<JsonException>(() => Cut(json));

    private static List<(string Name, string Value, JsonTokenType Kind)> Cut(string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        List<(string, string, JsonTokenType)> members = [];
        JsonMembers reader = new(bytes);
        while (reader.Next())
        {
            Assert.Equal(reader.Name.Inside(bytes).Contains((byte)'\\'), reader.Name.IsEscaped);
            members.Add((
                JsonSerializer.Deserialize<string>(reader.Name.Of(bytes))!,
                Encoding.UTF8.GetString(reader.Value.Of(bytes)), reader.Value.Kind));
        }

        return members;
    }

    private static JsonTokenType KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonTokenType.String,
        JsonValueKind.Object => JsonTokenType.StartObject,
        JsonValueKind.Array => JsonTokenType.StartArray,
        JsonValueKind.True => JsonTokenType.True,
        JsonValueKind.False => JsonTokenType.False,
        JsonValueKind.Null => JsonTokenType.Null,
        _ => JsonTokenType.Number,
    };

    private static JsonNode Made(Random random, int depth, bool isObject)
    {
        if (!isObject)
        {
            return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth))]);
        }

        JsonObject made = [];
        for (int i = random.Next(5); i > 0; i--)
        {
            made[Text(random)] = Value(random, depth);
        }

        return made;
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => Text(random),
        1 => random.Next(-9, 9) / 4.0,
        2 => true,
        3 => false,
        4 => null,
        5 => Made(random, depth - 1, isObject: false),
        _ => Made(random, depth - 1, isObject: true),
    };

    private static string Text(Random random) => string.Concat(
        Enumerable.Range(0, random.Next(6)).Select(_ => ((string[])["a", "\"", "\\", "{", "]", ",", "é", "\n", ":"])[random.Next(9)]));
}
