using System.Text;
using System.Text.Json;
using Tandem.Features.Evaluation;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Features;

/// <summary>An ordered choice of numeric features: the layout of the vectors that models read, that predictions log and
/// that monitoring compares.</summary>
/// <remarks>A vector is float32, one value a feature, NaN for null. Immutable and thread safe.</remarks>
public sealed class FeatureSet
{
    private const int DefinitionsDigits = 16;

    private readonly JsonEncodedText[] _keys;
    private readonly Dictionary<string, int> _indices;
    private readonly (int Index, int Cell)[] _computed;

    private FeatureSet(IReadOnlyList<FeatureView> views, List<(FeatureView View, FeatureDefinition Feature)> features)
    {
        Views = views;
        Features = features;
        Names = [.. features.Select(f => $"{f.View.Name}:{f.Feature.Name}")];
        Entities = [.. Enumerable.Range(0, features.Count).SelectMany(EntitiesOf).Distinct(StringComparer.Ordinal)];
        ComputedFeature[] computed = [.. features.Select(f => f.Feature.Computed).OfType<ComputedFeature>()];
        PairKey[] pairs = [.. views.Select(view => view.Pair).OfType<PairKey>()];
        Compute = computed.Length == 0 && !Array.Exists(pairs, pair => pair.Request is not null)
            ? null
            : new ComputePlan(
                computed, pairs, views.Select(view => view.Impression).FirstOrDefault(each => each is not null));
        _computed =
        [
            .. features.Select((f, i) => (Index: i, f.Feature.Computed)).Where(f => f.Computed is not null)
                .Select(f => (f.Index, Compute!.CellOf(f.Computed!.Name))),
        ];
        _keys = [.. Names.Select(n => JsonEncodedText.Encode(n))];
        _indices = Names.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
        Version = ContentHash.Of(Encoding.UTF8.GetBytes(
            string.Join('\n', features.Select((f, i) => $"{Names[i]} {f.View.Version}"))));
        Definitions = ContentHash.Digits(Version)[..DefinitionsDigits];
    }

    /// <summary>Number of features, the length of a vector.</summary>
    public int Count => Names.Count;

    /// <summary>Names as <c>view:feature</c>, by index.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The entities that the features of the set are about, each once, in order of first use.</summary>
    public IReadOnlyList<string> Entities { get; }

    /// <summary>The views that have a feature in the set, each once, in order of first use.</summary>
    public IReadOnlyList<FeatureView> Views { get; }

    /// <summary>Hash of the names in order and of what they mean, <c>sha256:…</c>.</summary>
    public string Version { get; }

    /// <summary>The first 16 hex digits of <see cref="Version"/>, as answers log them.</summary>
    public string Definitions { get; }

    /// <summary>The values of the request that its features read: names of columns of the impression.</summary>
    public IReadOnlyList<string> RequestColumns => [.. Compute?.Requests.Select(static each => each.Column!) ?? []];

    internal IReadOnlyList<(FeatureView View, FeatureDefinition Feature)> Features { get; }

    /// <summary>How those of the features are computed that are not kept; null where all are.</summary>
    internal ComputePlan? Compute { get; }

    /// <summary>Chooses features.</summary>
    /// <param name="views">All views.</param>
    /// <param name="names">Names as <c>view:feature</c>, in the order of the vector; null takes every numeric feature
    /// in the order of the views.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA009: there is no such numeric feature, or it is named
    /// twice.</exception>
    public static FeatureSet Create(IReadOnlyList<FeatureView> views, IReadOnlyList<string>? names = null)
    {
        var all = new List<(FeatureView View, FeatureDefinition Feature)>();
        foreach (FeatureView view in views)
        {
            all.AddRange(view.Features.Where(f => f.Kind == FeatureKind.Number).Select(f => (view, f)));
        }

        List<(FeatureView View, FeatureDefinition Feature)> chosen = all;
        if (names is not null)
        {
            var byName = all.ToDictionary(f => $"{f.View.Name}:{f.Feature.Name}", StringComparer.Ordinal);
            chosen = [];
            foreach (string name in names)
            {
                // Removing what was taken makes a second mention unknown.
                chosen.Add(byName.Remove(name, out (FeatureView View, FeatureDefinition Feature) feature)
                    ? feature
                    : throw FeaturesErrors.UnknownFeature(name));
            }
        }

        return new FeatureSet([.. chosen.Select(f => f.View).Distinct()], chosen);
    }

    /// <summary>Gives the entity that a feature belongs to: of a pair both parts with a comma, and empty for one that is
    /// computed.</summary>
    /// <param name="index">Index of the feature.</param>
    public string EntityOf(int index) => Features[index].View.Entity;

    /// <summary>Gives the entities that a feature is about: one, both of a pair, or those of everything that it is computed
    /// from. The second part of a pair that no request says stands among them by its name.</summary>
    /// <param name="index">Index of the feature.</param>
    public IReadOnlyList<string> EntitiesOf(int index) =>
        Features[index].Feature.Computed?.Entities ?? Features[index].View.Pair?.Entities ?? [Features[index].View.Entity];

    /// <summary>True where a feature's values are moments: seconds since 1970.</summary>
    /// <param name="index">Index of the feature.</param>
    public bool GivesMoments(int index)
    {
        (FeatureView view, FeatureDefinition feature) = Features[index];
        return feature.Computed is { } computed
            ? computed.Type == ExpressionType.Time
            : feature.Operator.Name is "first" or "last" && feature.Spec.Column is { } column
            && view.Find(column)?.Type == ColumnType.Time;
    }

    /// <summary>Gives the index of a feature, or -1 where it is not in the set.</summary>
    /// <param name="name">Its name as <c>view:feature</c>.</param>
    public int IndexOf(string name) => _indices.GetValueOrDefault(name, -1);

    /// <summary>Takes the computed values of a row into a vector.</summary>
    internal void TakeComputed(ComputeRow row, Span<float> values)
    {
        foreach ((int index, int cell) in _computed)
        {
            values[index] = (float)row.Row.Number(cell);
        }
    }

    /// <summary>Writes a vector as members of an object that is open: <c>"view:feature":3.5,…</c> in the order of the
    /// set, null for NaN.</summary>
    internal void WriteValues(ReadOnlySpan<float> values, Utf8JsonWriter writer)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Count, nameof(values));
        for (int i = 0; i < values.Length; i++)
        {
            if (float.IsFinite(values[i]))
            {
                writer.WriteNumber(_keys[i], values[i]);
            }
            else
            {
                writer.WriteNull(_keys[i]);
            }
        }
    }

    /// <summary>Reads a vector from the JSON object that an answer logged, bit for bit. Names outside the
    /// set are passed over; absent ones are NaN.</summary>
    /// <param name="json">The object in UTF-8; empty for none.</param>
    /// <param name="values">Receives the vector, length <see cref="Count"/>.</param>
    /// <exception cref="JsonException">It is no JSON object.</exception>
    public void ReadJson(ReadOnlySpan<byte> json, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Count, nameof(values));
        values.Fill(float.NaN);
        if (json.IsEmpty)
        {
            return;
        }

        var reader = new Utf8JsonReader(json);
        reader.Read();
        for (int expected = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; expected++)
        {
            // The writer's order is the usual one, which makes the search one comparison.
            int index = expected < Count && reader.ValueTextEquals(_keys[expected].EncodedUtf8Bytes)
                ? expected
                : IndexOf(reader.GetString() ?? "");
            reader.Read();
            if (index >= 0 && reader.TokenType == JsonTokenType.Number)
            {
                values[index] = reader.GetSingle();
            }

            reader.Skip();
        }
    }
}
