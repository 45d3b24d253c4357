using Tandem.Storage.Native;
using Tandem.Testing;

namespace Tandem.Storage.Tests.Native;

public sealed class DirectoryFlushTests
{
    [Fact]
    public void Flush_OfAFolder_Returns()
    {
        using TestFolder folder = new();
        File.WriteAllText(folder["x"], "x");

        DirectoryFlush.Flush(folder.Path);
    }

    [Fact]
    public void Flush_OfAMissingFolder_SaysWhichAndWhy()
    {
        using TestFolder folder = new();

        IOException failed = Assert.Throws<IOException>(() => DirectoryFlush.Flush(folder["missing"]));

        Assert.Contains(folder["missing"], failed.Message, StringComparison.Ordinal);
    }
}
