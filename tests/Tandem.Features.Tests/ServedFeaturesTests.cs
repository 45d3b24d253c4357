using System.Buffers;
using System.Text;
using Tandem.Events;

namespace Tandem.Features.Tests;

public sealed class ServedFeaturesTests
{
    private static readonly FeatureSet Set = FeatureSet.Create(
        TestSystem.Views, ["user_play:plays", "user_play:seconds", "item_state:price"]);

    [Fact]
    public void Write_ThenRead_GivesTheValuesTheDefinitionsAndThePlace()
    {
        float[] values = [3, float.NaN, 0.1f];
        ArrayBufferWriter<byte> json = new();

        ServedFeatures.Write(Set, values, new JournalPosition(81_234), json);

        float[] read = new float[3];
        Set.ReadJson(json.WrittenSpan, read);
        Assert.Equal(values, read);
        Assert.Equal(
            new ServedFeatures(Set.Definitions, new JournalPosition(81_234)),
            ServedFeatures.Read(json.WrittenSpan));
        Assert.Equal(
            $"{{\"user_play:plays\":3,\"user_play:seconds\":null,\"item_state:price\":0.1,\"@set\":\"{Set.Version[7..23]}\",\"@seen\":81234}}",
            Encoding.UTF8.GetString(json.WrittenSpan));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"user_play:plays":3}""")]
    [InlineData("""{"@set":7,"@seen":"soon","more":{"@seen":3}}""")]
    public void Read_OfAnObjectThatDoesNotSay_GivesNeither(string json)
    {
        Assert.Equal(default, ServedFeatures.Read(Encoding.UTF8.GetBytes(json)));
    }
}
