using Tandem.Features.Evaluation;
using Tandem.Numerics;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Features.Tests.Evaluation;

public sealed class ColdFileTests
{
    private readonly ITestOutputHelper _output;

    public ColdFileTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Read_AfterWritesAndFrees_GivesWhatWasWrittenAndTheFileStaysShort(ulong seed)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        using var folder = new TestFolder();
        using var file = new ColdFile(folder.Path);
        List<(ColdPlace Place, byte[] Bytes)> held = [];
        for (int step = 0; step < 5000; step++)
        {
            if (held.Count == 50 || (held.Count > 0 && random.NextInt(3) == 0))
            {
                (ColdPlace place, byte[] bytes) = held[random.NextInt(held.Count)];
                Assert.Equal(bytes, file.Read(place));
                file.Free(place);
                held.RemoveAll(each => each.Place == place);
            }

            byte[] content = new byte[1 + random.NextInt(2000)];
            Array.Fill(content, (byte)step);
            held.Add((file.Write(content), content));
        }

        Assert.All(held, each => Assert.Equal(each.Bytes, file.Read(each.Place)));

        // Fifty of each of the five sizes at most: 128, 256, 512, 1024 and 2048 bytes.
        Assert.True(file.Length <= 51 * (128 + 256 + 512 + 1024 + 2048), $"{file.Length} bytes");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
