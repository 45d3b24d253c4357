using System.Globalization;
using Tandem.Features;
using Tandem.Learning;
using Tandem.Registry;

namespace Tandem.Serving;

/// <summary>Brings a registered version into memory.</summary>
public static class ServedModelFile
{
    /// <summary>Loads a version with its ids and its fallback; every byte is checked against its hash.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="version">The version.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="Faults.TandemException">A REG or LRN code: an artifact is missing or damaged.</exception>
    public static async Task<ServedModel> LoadAsync(
        ModelRegistry registry, ModelVersion version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(version);
        string fallback = version.Lineage.Parameters.GetValueOrDefault(ArtifactNames.FallbackKind, "popular");
        return new ServedModel
        {
            Version = version.Number.ToString(CultureInfo.InvariantCulture),
            Scorer = await LoadAsync(registry, version, ArtifactNames.Model, version.Kind, cancellationToken)
                .ConfigureAwait(false),
            Fallback = await LoadAsync(registry, version, ArtifactNames.Fallback, fallback, cancellationToken)
                .ConfigureAwait(false),
            Items = await LoadIdsAsync(registry, version, ArtifactNames.Items, cancellationToken).ConfigureAwait(false),
            Users = await LoadIdsAsync(registry, version, ArtifactNames.Users, cancellationToken).ConfigureAwait(false),
            AsOf = version.Lineage.Window?.To ?? version.Created,
        };
    }

    private static async Task<IItemScorer> LoadAsync(
        ModelRegistry registry, ModelVersion version, string artifact, string kind, CancellationToken cancellationToken)
    {
        Stream stream = await registry.OpenArtifactAsync(version, artifact, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            return ModelCatalogue.Default.Find(kind).Load(stream);
        }
    }

    private static async Task<EntityIndex> LoadIdsAsync(
        ModelRegistry registry, ModelVersion version, string artifact, CancellationToken cancellationToken)
    {
        Stream stream = await registry.OpenArtifactAsync(version, artifact, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            MemoryStream bytes = new();
            await stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return EntityIndex.Load(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
    }
}
