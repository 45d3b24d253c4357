using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Features;
using Tandem.Monitoring.Skew;
using Tandem.Training.Leaks;

namespace Tandem.Cli;

/// <summary>What <c>tandem features --json</c> writes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SkewReport))]
[JsonSerializable(typeof(TrainingSetSummary))]
[JsonSerializable(typeof(TrainingSetDifference))]
[JsonSerializable(typeof(BuiltSet))]
[JsonSerializable(typeof(SavedSets))]
internal sealed partial class FeaturesJson : JsonSerializerContext
{
    public static byte[] Write(SkewReport report) =>
        JsonSerializer.SerializeToUtf8Bytes(report, Default.SkewReport);

    public static byte[] Write(TrainingSetSummary summary) =>
        JsonSerializer.SerializeToUtf8Bytes(summary, Default.TrainingSetSummary);

    public static byte[] Write(TrainingSetDifference difference) =>
        JsonSerializer.SerializeToUtf8Bytes(difference, Default.TrainingSetDifference);

    public static byte[] Write(BuiltSet built) => JsonSerializer.SerializeToUtf8Bytes(built, Default.BuiltSet);

    public static byte[] Write(IReadOnlyList<(string Hash, TrainingSetDescription Description)> sets) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new SavedSets([.. sets.Select(static set => new SavedSet(set.Hash, set.Description))]), Default.SavedSets);
}

/// <summary>A set that was built, with what its window left out, what looks like a leak, and which views were taken over
/// from which sets.</summary>
internal sealed record BuiltSet(
    TrainingSetSummary Set, long Immature, IReadOnlyList<LeakFinding> Leaks, IReadOnlyDictionary<string, string> Reused);

/// <summary>The saved sets.</summary>
internal sealed record SavedSets(IReadOnlyList<SavedSet> Sets);

/// <summary>One of them.</summary>
internal sealed record SavedSet(string Hash, TrainingSetDescription Description);
