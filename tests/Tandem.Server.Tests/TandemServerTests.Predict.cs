using System.Net;
using System.Text.Json;

namespace Tandem.Server.Tests;

public sealed partial class TandemServerTests
{
    [Fact]
    public async Task Predict_PassesTheQuestionOnAndAnswersInSnakeCase()
    {
        await StartAsync();

        HttpResponseMessage response = await PostAsync(
            "/v1/predict", """{"user":"u1","items":["a","b"],"shown":true,"context":{"slot":"tv"}}""");

        Assert.Equal(
            """{"request_id":"r2","model_version":"7","predictions":[{"id":"a","probability":0.25},{"id":"b","probability":0.25}]}""",
            await response.Content.ReadAsStringAsync());
        Assert.Equal(("u1", true), (_system.Predicted!.UserId, _system.Predicted.IsShown));
        Assert.Equal(["a", "b"], _system.Predicted.Items);
        Assert.Equal("""{"slot":"tv"}"""u8, _system.Predicted.Context.Span);
        Assert.False(_system.Predicted.IsExplained);
    }

    [Fact]
    public async Task Predict_ThatIsExplained_SaysWhatFeaturesAdd()
    {
        await StartAsync();

        HttpResponseMessage response = await PostAsync("/v1/predict", """{"items":["a"],"explain":true}""");

        Assert.Equal(
            """{"request_id":"r2","model_version":"7","predictions":[{"id":"a","probability":0.25,"explanation":{"base":-1.5,"margin":-1.25,"contributions":[{"feature":"user_play:plays","value":0.5}],"rest":-0.25}}]}""",
            await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"items":null}""")]
    [InlineData("""{"items":["a",null]}""")]
    [InlineData("""{"items":["a"],"k":1}""")]
    [InlineData("""{"items":["a"],"shown":"yes"}""")]
    [InlineData("""{"items":["a"],"explain":5}""")]
    public async Task Predict_WithAWrongBody_AnswersBadRequest(string body)
    {
        await StartAsync();

        JsonElement problem = await ProblemAsync(await PostAsync("/v1/predict", body), HttpStatusCode.BadRequest);

        Assert.Equal("HTP010", problem.GetProperty("code").GetString());
        Assert.Null(_system.Predicted);
    }
}
