using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Registry.Tests;

/// <summary>A store in an own folder, whose files a test may look at and damage.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly TestFolder _folder = new();

    public TestStore()
    {
        Whole = new FolderStore(_folder.Path);
    }

    public FolderStore Whole { get; }

    public void Dispose() => _folder.Dispose();

    public string Path(string key) => _folder[key];

    public async Task<List<string>> KeysAsync(string prefix = "")
    {
        List<string> keys = [];
        await foreach (ObjectEntry entry in Whole.ListAsync(prefix))
        {
            keys.Add(entry.Key);
        }

        return keys;
    }
}
