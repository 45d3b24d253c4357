using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Learning;
using Tandem.Learning.Imbalance;

namespace Tandem.Training.Ranking;

/// <summary>What became of the model that orders candidates: how it compares with the order of retrieval on the very same
/// rows, and what it leans on.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="IsKept">True where the version orders by it.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record RankReport(string Kind, bool IsKept, string Reason)
{
    /// <summary>Rows it was fitted on for the judgement.</summary>
    public int TrainRows { get; init; }

    /// <summary>At which share of positives it was fitted for the judgement, and at which it scores; null where nothing was
    /// fitted.</summary>
    public BaseRates? Rates { get; init; }

    /// <summary>How its scores became probabilities; null where nothing was asked for.</summary>
    public CalibrationReport? Calibration { get; init; }

    /// <summary>When its probabilities are acted on, and what that would have cost on the rows that it was judged on; null
    /// where the design has no decision.</summary>
    public DecisionReport? Decision { get; init; }

    /// <summary>Rows that it was judged on.</summary>
    public int TestRows { get; init; }

    /// <summary>Its figures on them; null where there were too few.</summary>
    public ModelEvaluation? Ranked { get; init; }

    /// <summary>Those of the retrieval score alone, calibrated on the same rows.</summary>
    public ModelEvaluation? Retrieval { get; init; }

    /// <summary>Log-loss of both on those rows; below zero is better.</summary>
    public MetricComparison? LogLoss { get; init; }

    /// <summary><c>shown_auc</c> of both on lists of the test window; above zero is better.</summary>
    public MetricComparison? Shown { get; init; }

    /// <summary>What it leans on, on the later rows, most important first.</summary>
    public IReadOnlyList<FeatureImportance> Importance { get; init; } = [];

    /// <summary>Writes the report as UTF-8 JSON on one line.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, RankJson.Default.RankReport);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <returns>The report, or null where the bytes are something else.</returns>
    public static RankReport? Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, RankJson.Default.RankReport);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Serialisers made by the compiler.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RankReport))]
internal sealed partial class RankJson : JsonSerializerContext;
