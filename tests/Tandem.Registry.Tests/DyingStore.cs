using Tandem.Storage;

namespace Tandem.Registry.Tests;

/// <summary>A store whose process dies at a chosen call: just before it takes effect, or just after.</summary>
internal sealed class DyingStore : IObjectStore
{
    private readonly IObjectStore _inner;
    private readonly int _fatalCall;
    private readonly bool _takesEffect;
    private int _calls;

    public DyingStore(IObjectStore inner, int fatalCall, bool takesEffect)
    {
        _inner = inner;
        _fatalCall = fatalCall;
        _takesEffect = takesEffect;
    }

    public int Calls => _calls;

    public string StagingFolder => _inner.StagingFolder;

    public async ValueTask<ObjectEntry?> FindAsync(string key, CancellationToken cancellationToken = default) =>
        await CallAsync(() => _inner.FindAsync(key, cancellationToken).AsTask());

    public async ValueTask PutAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        await CallAsync(async () =>
        {
            await _inner.PutAsync(key, content, cancellationToken);
            return true;
        });

    public async ValueTask<bool> TryPutAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        await CallAsync(() => _inner.TryPutAsync(key, content, cancellationToken).AsTask());

    public async ValueTask PutFileAsync(string key, string path, CancellationToken cancellationToken = default) =>
        await CallAsync(async () =>
        {
            await _inner.PutFileAsync(key, path, cancellationToken);
            return true;
        });

    public async ValueTask<Stream> OpenAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        await CallAsync(() => _inner.OpenAsync(key, offset, length, cancellationToken).AsTask());

    public async ValueTask<string> LocalPathAsync(string key, CancellationToken cancellationToken = default) =>
        await CallAsync(() => _inner.LocalPathAsync(key, cancellationToken).AsTask());

    public IAsyncEnumerable<ObjectEntry> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        _inner.ListAsync(prefix, cancellationToken);

    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        await CallAsync(async () =>
        {
            await _inner.DeleteAsync(key, cancellationToken);
            return true;
        });

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        int number = Interlocked.Increment(ref _calls);
        if (number == _fatalCall && !_takesEffect)
        {
            throw new IOException($"Died before call {number}.");
        }

        T result = await call();
        return number == _fatalCall ? throw new IOException($"Died after call {number}.") : result;
    }
}
