using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tandem.Features;

/// <summary>The features that a model reads, in order, with the versions of the views that computed them: what must be
/// computed for it, and nothing else.</summary>
/// <param name="Names">Names as <c>view:feature</c>, in the order of the vector.</param>
/// <param name="Views">Version of each view, by name.</param>
public sealed record PinnedFeatures(IReadOnlyList<string> Names, IReadOnlyDictionary<string, string> Views)
{
    /// <summary>Pins the features of a set, and features of texts beside it.</summary>
    /// <param name="set">The set.</param>
    /// <param name="texts">Features of texts, as <c>view:feature</c>.</param>
    /// <param name="views">The views that have them.</param>
    public static PinnedFeatures Of(
        FeatureSet set, IReadOnlyList<string> texts, IReadOnlyList<FeatureView> views)
    {
        ArgumentNullException.ThrowIfNull(set);
        IEnumerable<FeatureView> ofTexts = views.Where(
            view => texts.Any(text => text.StartsWith($"{view.Name}:", StringComparison.Ordinal)));
        return new PinnedFeatures(
            set.Names,
            new SortedDictionary<string, string>(
                set.Views.Concat(ofTexts).DistinctBy(static view => view.Name, StringComparer.Ordinal)
                    .ToDictionary(static view => view.Name, static view => view.Version, StringComparer.Ordinal),
                StringComparer.Ordinal));
    }

    /// <summary>Finds the features among views.</summary>
    /// <param name="views">Views that are computed.</param>
    /// <returns>The set, or null where a view is missing or has another version.</returns>
    public FeatureSet? Find(IReadOnlyList<FeatureView> views)
    {
        ArgumentNullException.ThrowIfNull(views);
        return Views.All(pinned => views.Any(view => view.Name == pinned.Key && view.Version == pinned.Value))
            ? FeatureSet.Create(views, Names)
            : null;
    }

    /// <summary>Names of the views that are missing among others, or have another version there.</summary>
    /// <param name="views">Views that are computed.</param>
    public IReadOnlyList<string> Missing(IReadOnlyList<FeatureView> views) =>
    [
        .. Views.Where(pinned => !views.Any(view => view.Name == pinned.Key && view.Version == pinned.Value))
            .Select(static pinned => pinned.Key),
    ];

    /// <summary>Writes them as UTF-8 JSON on one line.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PinnedJson.Default.PinnedFeatures);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA033: it is something else.</exception>
    public static PinnedFeatures Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, PinnedJson.Default.PinnedFeatures)
                is { Names: not null, Views: not null } pinned
                ? pinned
                : throw FeaturesErrors.DamagedPins("names or views are missing");
        }
        catch (JsonException wrong)
        {
            throw FeaturesErrors.DamagedPins(wrong.Message);
        }
    }
}

/// <summary>Generated JSON code of pinned features.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PinnedFeatures))]
internal sealed partial class PinnedJson : JsonSerializerContext;
