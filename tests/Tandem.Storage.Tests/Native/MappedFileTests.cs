using Tandem.Faults;
using Tandem.Storage.Native;
using Tandem.Testing;

namespace Tandem.Storage.Tests.Native;

public sealed class MappedFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(100_001)]
    public void Open_IsTheBytesOfTheFile_EvenOfOneThatIsGone(int length)
    {
        using TestFolder folder = new();
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        File.WriteAllBytes(folder["x"], bytes);

        ReadOnlyMemory<byte> mapped = MappedFile.Open(folder["x"]);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(folder["x"]);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.True(bytes.AsSpan().SequenceEqual(mapped.Span));
        GC.KeepAlive(mapped);
    }

    [Fact]
    public void Open_OfAMissingFile_SaysWhich()
    {
        using TestFolder folder = new();

        TandemException failed = Assert.Throws<TandemException>(() => MappedFile.Open(folder["missing"]));

        Assert.Equal(("STO003", folder["missing"]), (failed.Fault.Code, failed.Fault.Place));
    }

    [Fact]
    public void Open_OfMoreThanAnArrayHolds_IsRefused()
    {
        using TestFolder folder = new();
        using (FileStream file = File.Create(folder["large"]))
        {
            // Nothing of it is written: it takes no room on the disk.
            file.SetLength(int.MaxValue + 1L);
        }

        Assert.Equal("STO006", Assert.Throws<TandemException>(() => MappedFile.Open(folder["large"])).Fault.Code);
    }
}
