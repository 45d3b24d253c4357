using Tandem.Spec;

namespace Tandem.Features.Encoders;

/// <summary>Which encoder a feature gets: that of tandem.yaml, or what its kind suggests.</summary>
public static class EncoderChoice
{
    private static readonly EncoderSpec Number = new() { Kind = "standardise" };
    private static readonly EncoderSpec Text = new() { Kind = "hashing" };
    private static readonly EncoderSpec Nothing = new() { Kind = EncoderSpec.None };

    /// <summary>True where the values of a feature are texts that can be encoded; false where they are a number; null where
    /// no encoder reads them.</summary>
    /// <param name="feature">The feature.</param>
    public static bool? IsText(FeatureDefinition feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        return feature.Kind switch
        {
            FeatureKind.Number => false,
            FeatureKind.Text or FeatureKind.Ids when feature.Reads.Count == 0 => true,
            _ => null,
        };
    }

    /// <summary>The features of texts that models read, as <c>view:feature</c>: those of some entities that an encoder
    /// reads.</summary>
    /// <param name="spec">The system.</param>
    /// <param name="views">Its views.</param>
    /// <param name="entities">The entities of a row.</param>
    public static IReadOnlyList<string> TextsOf(
        SystemSpec spec, IReadOnlyList<FeatureView> views, IReadOnlyList<string> entities)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return
        [
            .. from view in views
               where entities.Contains(view.Entity, StringComparer.Ordinal)
               from feature in view.Features
               where IsText(feature) == true
               let name = $"{view.Name}:{feature.Name}"
               where spec.Encoders.ContainsKey(name) || feature.Kind == FeatureKind.Text
               where Of(name, isText: true, spec.Encoders).Kind != EncoderSpec.None
               select name,
        ];
    }

    /// <summary>Throws unless every encoder of a system names a feature and reads what it gives.</summary>
    /// <param name="spec">The system.</param>
    /// <param name="views">Its views.</param>
    /// <param name="folder">The folder of tandem.yaml, where the files that it names lie; null where nothing is trained,
    /// and they need not be there.</param>
    /// <exception cref="Faults.TandemException">FEA009: there is no such feature; FEA032: the encoder does not read what
    /// its feature gives; FEA034: a file that it names cannot be read, or a
    /// folder is not there.</exception>
    public static void Check(SystemSpec spec, IReadOnlyList<FeatureView> views, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        foreach ((string name, EncoderSpec encoder) in spec.Encoders)
        {
            FeatureDefinition feature = views
                .SelectMany(static view => view.Features.Select(feature => (Name: $"{view.Name}:{feature.Name}", feature)))
                .FirstOrDefault(each => each.Name == name).feature ?? throw FeaturesErrors.UnknownFeature(name);
            _ = Of(name, IsText(feature), spec.Encoders);
            if (encoder.Kind is EncoderSpec.Embedding or EncoderSpec.Image && folder is not null)
            {
                EmbeddingEncoder.Check(name, encoder, folder);
            }
        }
    }

    /// <summary>The encoder of a feature.</summary>
    internal static EncoderSpec Of(string name, bool? isText, IReadOnlyDictionary<string, EncoderSpec> specs)
    {
        if (!specs.TryGetValue(name, out EncoderSpec? spec))
        {
            return isText switch
            {
                false => Number,
                true => Text,
                _ => Nothing,
            };
        }

        IReadOnlyList<string> known = isText switch
        {
            false => EncoderSpec.NumberKinds,
            true => EncoderSpec.TextKinds,
            _ => [],
        };
        return spec.Kind == EncoderSpec.None || known.Contains(spec.Kind, StringComparer.Ordinal)
            ? spec
            : throw FeaturesErrors.WrongEncoder(name, spec.Kind, known);
    }
}
