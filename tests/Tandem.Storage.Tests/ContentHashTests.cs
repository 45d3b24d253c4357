using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Storage.Tests;

public sealed class ContentHashTests
{
    // FIPS 180-2, appendix B.1: the digest of "abc".
    private const string HashOfAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public async Task Of_BytesStreamAndFile_AgreesWithTheStandard()
    {
        using TestFolder folder = new();
        using MemoryStream stream = new("abc"u8.ToArray());
        await File.WriteAllTextAsync(folder["abc"], "abc");

        Assert.Equal(HashOfAbc, ContentHash.Of("abc"u8));
        Assert.Equal(HashOfAbc, await ContentHash.OfAsync(stream));
        Assert.Equal(HashOfAbc, await ContentHash.OfFileAsync(folder["abc"]));
    }

    [Fact]
    public async Task Verify_OfChangedBytes_NamesBothHashes()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder["abc"], "abd");

        TandemException bytes = Assert.Throws<TandemException>(() => ContentHash.Verify("abd"u8, HashOfAbc, "here"));
        TandemException file = await Assert.ThrowsAsync<TandemException>(async () =>
            await ContentHash.VerifyFileAsync(folder["abc"], HashOfAbc));

        Assert.Equal(("STO004", "here"), (bytes.Fault.Code, bytes.Fault.Place));
        Assert.Equal(("STO004", folder["abc"]), (file.Fault.Code, file.Fault.Place));
        Assert.Contains(HashOfAbc, bytes.Fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OfTheSameBytes_Passes()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder["abc"], "abc");

        ContentHash.Verify("abc"u8, HashOfAbc, "here");
        await ContentHash.VerifyFileAsync(folder["abc"], HashOfAbc);
    }

    [Theory]
    [InlineData(HashOfAbc, true)]
    [InlineData("sha256:", false)]
    [InlineData("sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", false)]
    [InlineData("md5:900150983cd24fb0d6963f7d28e17f72", false)]
    [InlineData("", false)]
    public void IsWellFormed_TellsHashesFromOtherText(string text, bool expected)
    {
        Assert.Equal(expected, ContentHash.IsWellFormed(text));
    }
}
