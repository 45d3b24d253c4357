using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Faults;

namespace Tandem.Learning;

/// <summary>Evaluations as JSON:
/// <c>{"protocol":{…},"models":[{"name":…,"metrics":{…},"intervals":{…},"seconds":…}]}</c>. See
/// <c>docs/formats/evaluation.md</c>.</summary>
public static class EvaluationJson
{
    /// <summary>Writes an evaluation as UTF-8 JSON on one line.</summary>
    /// <param name="result">The evaluation; its figures are finite.</param>
    public static byte[] Write(EvaluationResult result) =>
        JsonSerializer.SerializeToUtf8Bytes(result, EvaluationJsonContext.Default.EvaluationResult);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <exception cref="TandemException">LRN014: it is something else.</exception>
    public static EvaluationResult Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, EvaluationJsonContext.Default.EvaluationResult)
                ?? throw new JsonException("The evaluation is null.");
        }
        catch (JsonException wrong)
        {
            throw new TandemException(LearningErrors.DamagedEvaluation(wrong.Message), wrong);
        }
    }
}

/// <summary>Serializers made at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EvaluationResult))]
internal sealed partial class EvaluationJsonContext : JsonSerializerContext;
