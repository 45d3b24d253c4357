using Tandem.Storage;

namespace Tandem.CrashProbe;

/// <summary>Says each change of a store before it is made.</summary>
internal sealed class TalkingStore(IObjectStore store) : IObjectStore
{
    public string StagingFolder => store.StagingFolder;

    public ValueTask<ObjectEntry?> FindAsync(string key, CancellationToken cancellationToken = default) =>
        store.FindAsync(key, cancellationToken);

    public async ValueTask PutAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        await Acknowledgement.SayAsync($"put {key}");
        await store.PutAsync(key, content, cancellationToken);
    }

    public async ValueTask<bool> TryPutAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        await Acknowledgement.SayAsync($"try {key}");
        return await store.TryPutAsync(key, content, cancellationToken);
    }

    public async ValueTask PutFileAsync(string key, string path, CancellationToken cancellationToken = default)
    {
        await Acknowledgement.SayAsync($"file {key}");
        await store.PutFileAsync(key, path, cancellationToken);
    }

    public ValueTask<Stream> OpenAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        store.OpenAsync(key, offset, length, cancellationToken);

    public ValueTask<string> LocalPathAsync(string key, CancellationToken cancellationToken = default) =>
        store.LocalPathAsync(key, cancellationToken);

    public IAsyncEnumerable<ObjectEntry> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        store.ListAsync(prefix, cancellationToken);

    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        await Acknowledgement.SayAsync($"delete {key}");
        await store.DeleteAsync(key, cancellationToken);
    }
}
