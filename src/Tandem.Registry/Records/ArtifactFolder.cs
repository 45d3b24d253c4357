using Tandem.Storage;

namespace Tandem.Registry.Records;

/// <summary>Artifacts under names made of their content: equal bytes are one object.</summary>
internal sealed class ArtifactFolder
{
    private readonly IObjectStore _store;

    public ArtifactFolder(IObjectStore store)
    {
        _store = store;
    }

    public static string Key(ModelArtifact artifact) => $"artifacts/{artifact.Hash.Replace(':', '-')}";

    /// <summary>Stores an artifact. One that is already there is written again, which heals a damaged one.</summary>
    public async Task<ModelArtifact> PutAsync(string name, DraftArtifact draft, CancellationToken cancellationToken)
    {
        if (draft.Path is null)
        {
            ModelArtifact inMemory = new(name, ContentHash.Of(draft.Bytes.Span), draft.Bytes.Length);
            await _store.PutAsync(Key(inMemory), draft.Bytes, cancellationToken).ConfigureAwait(false);
            return inMemory;
        }

        string fileHash = await ContentHash.OfFileAsync(draft.Path, cancellationToken).ConfigureAwait(false);
        ModelArtifact inFile = new(name, fileHash, new FileInfo(draft.Path).Length);
        await _store.PutFileAsync(Key(inFile), draft.Path, cancellationToken).ConfigureAwait(false);
        return inFile;
    }

    /// <summary>Opens an artifact at its start, once all its bytes are known to be those that were published.</summary>
    public async Task<Stream> OpenAsync(ModelArtifact artifact, CancellationToken cancellationToken)
    {
        string key = Key(artifact);
        if (await _store.FindAsync(key, cancellationToken).ConfigureAwait(false) is null)
        {
            throw RegistryErrors.DamagedArtifact(artifact, key, "its file is missing");
        }

        string path = await _store.LocalPathAsync(key, cancellationToken).ConfigureAwait(false);
        FileStream file = File.OpenRead(path);
        try
        {
            string hash = await ContentHash.OfAsync(file, cancellationToken).ConfigureAwait(false);
            if (hash != artifact.Hash)
            {
                throw RegistryErrors.DamagedArtifact(artifact, key, $"its bytes hash to {hash}");
            }

            // The handle that was checked is the handle that is read: nothing can change in between.
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
