using System.Runtime.CompilerServices;
using Tandem.Registry.Records;
using Tandem.Storage;

namespace Tandem.Registry;

/// <summary>Which bytes, from which data, promoted by whom: numbered model versions that never change, and names that
/// move from one version to another.</summary>
/// <remarks>Everything is written by put-if-absent, the record that makes it visible last: a crash leaves at most
/// artifacts that nobody refers to, and of several publishers each gets its own number. <c>docs/formats/registry.md</c>
/// gives the files. Thread safe; several processes may share one store.</remarks>
public sealed partial class ModelRegistry
{
    private const string Root = "models/";

    private readonly IObjectStore _store;
    private readonly TimeProvider _clock;
    private readonly ArtifactFolder _artifacts;

    /// <summary>Opens a registry; the store may be empty.</summary>
    /// <param name="store">A store scoped to the registry's folder.</param>
    /// <param name="clock">Gives the time that is written into versions and alias changes.</param>
    public ModelRegistry(IObjectStore store, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(clock);
        _store = store;
        _clock = clock;
        _artifacts = new ArtifactFolder(store);
    }

    /// <summary>Stores a trained model as the next version of its name.</summary>
    /// <param name="draft">The model, its artifacts and where it came from.</param>
    /// <param name="cancellationToken">Stops publishing; the version is then whole or absent.</param>
    /// <returns>The version as it was stored, with its number.</returns>
    /// <exception cref="Faults.TandemException">REG001: a name is not allowed. REG002: the parent version does not
    /// exist.</exception>
    public async Task<ModelVersion> PublishAsync(ModelDraft draft, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ModelNames.CheckDraft(draft);
        RecordSequence versions = Versions(draft.Model);
        if (draft.Lineage.Parent is int parent
            && !await versions.HasAsync(parent, cancellationToken).ConfigureAwait(false))
        {
            throw RegistryErrors.NoSuchVersion(draft.Model, parent);
        }

        List<ModelArtifact> artifacts = [];
        foreach (string name in draft.Artifacts.Keys.Order(StringComparer.Ordinal))
        {
            DraftArtifact content = draft.Artifacts[name];
            artifacts.Add(await _artifacts.PutAsync(name, content, cancellationToken).ConfigureAwait(false));
        }

        int number = await versions.LastAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            number++;
            ModelVersion version = new()
            {
                Model = draft.Model,
                Number = number,
                Kind = draft.Kind,
                Created = _clock.GetUtcNow(),
                Artifacts = artifacts,
                Lineage = draft.Lineage,
            };
            byte[] file = RecordFile.Write(version);
            if (await versions.TryAppendAsync(number, file, cancellationToken).ConfigureAwait(false))
            {
                return version;
            }
        }
    }

    /// <summary>Finds a version by number, alias, or <c>latest</c>.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="reference"><c>3</c> or <c>v3</c>; an alias such as <c>champion</c>; or <c>latest</c>, the highest
    /// number.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The version, or null where there is none.</returns>
    /// <exception cref="Faults.TandemException">REG001: the reference is not a name. REG004: the record is
    /// damaged.</exception>
    public async Task<ModelVersion?> FindAsync(
        string model, string reference, CancellationToken cancellationToken = default)
    {
        ModelNames.CheckModel(model);
        RecordSequence versions = Versions(model);
        int? number = ModelNames.AsVersion(reference);
        if (number is null && ModelNames.IsLatest(reference))
        {
            number = await versions.LastAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (number is null)
        {
            AliasChange? change = await AliasAsync(model, reference, cancellationToken).ConfigureAwait(false);
            number = change?.Version;
        }

        return number is int found
            ? await ReadVersionAsync(versions, found, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>Lists the versions of a model, newest first, reading each as it is asked for.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="Faults.TandemException">REG001: the name is not allowed. REG004: a record is
    /// damaged.</exception>
    public async IAsyncEnumerable<ModelVersion> ListAsync(
        string model, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ModelNames.CheckModel(model);
        RecordSequence versions = Versions(model);
        int last = await versions.LastAsync(cancellationToken).ConfigureAwait(false);
        for (int number = last; number > 0; number--)
        {
            if (await ReadVersionAsync(versions, number, cancellationToken).ConfigureAwait(false) is { } version)
            {
                yield return version;
            }
        }
    }

    /// <summary>Names the models that have at least one version, in ordinal order.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <remarks>Reads the names of all records, none of their bytes.</remarks>
    public async Task<IReadOnlyList<string>> ModelsAsync(CancellationToken cancellationToken = default)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        await foreach (ObjectEntry entry in _store.ListAsync(Root, cancellationToken).ConfigureAwait(false))
        {
            string[] parts = entry.Key.Split('/');
            if (parts is [_, string name, "versions", ..])
            {
                names.Add(name);
            }
        }

        return [.. names];
    }

    /// <summary>Opens an artifact of a version for reading, after checking all its bytes against its hash.</summary>
    /// <param name="version">The version.</param>
    /// <param name="artifact">Name of the artifact.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A seekable stream at its start; the caller closes it.</returns>
    /// <exception cref="Faults.TandemException">REG006: the version has no such artifact. REG007: its bytes are missing
    /// or not those that were published.</exception>
    public Task<Stream> OpenArtifactAsync(
        ModelVersion version, string artifact, CancellationToken cancellationToken = default)
    {
        return _artifacts.OpenAsync(Artifact(version, artifact), cancellationToken);
    }

    /// <summary>Gives a local path that holds an artifact, after checking all its bytes against its hash; for engines
    /// that map files. The file must not be written to.</summary>
    /// <inheritdoc cref="OpenArtifactAsync" path="/param"/>
    /// <inheritdoc cref="OpenArtifactAsync" path="/exception"/>
    public async Task<string> ArtifactPathAsync(
        ModelVersion version, string artifact, CancellationToken cancellationToken = default)
    {
        Stream stream = await OpenArtifactAsync(version, artifact, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            return ((FileStream)stream).Name;
        }
    }

    private static ModelArtifact Artifact(ModelVersion version, string name)
    {
        ArgumentNullException.ThrowIfNull(version);
        return version.Artifacts.FirstOrDefault(artifact => artifact.Name == name)
            ?? throw RegistryErrors.NoSuchArtifact(version, name);
    }

    private static async Task<ModelVersion?> ReadVersionAsync(
        RecordSequence versions, int number, CancellationToken cancellationToken)
    {
        byte[]? file = await versions.ReadAsync(number, cancellationToken).ConfigureAwait(false);
        return file is null ? null : RecordFile.ReadVersion(file, versions.Key(number));
    }

    private RecordSequence Versions(string model) => new(_store, $"{Root}{model}/versions");
}
