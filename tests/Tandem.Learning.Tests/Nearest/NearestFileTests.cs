using System.Security.Cryptography;
using Tandem.Faults;
using Tandem.Learning.Nearest;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Nearest;

public sealed class NearestFileTests
{
    public static TheoryData<NearestKind> Kinds => [.. Points.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Load_AfterSave_AnswersTheSame_AndSavesTheSame(NearestKind kind)
    {
        Matrix vectors = Points.Clustered(1500, 19, seed: 4);
        NearestIndex index = Points.Build(vectors, kind);
        byte[] bytes = Points.Bytes(index);

        var loaded = NearestIndex.Load(bytes, vectors);

        Assert.Equal(bytes, Points.Bytes(loaded));
        Assert.Equal((index.Kind, index.Effort, index.ExpectedRecall), (loaded.Kind, loaded.Effort, loaded.ExpectedRecall));
        int[] expected = new int[20];
        int[] found = new int[20];
        for (int row = 0; row < 50; row++)
        {
            index.Search(vectors.Row(row), [], expected, []);
            loaded.Search(vectors.Row(row), [], found, []);
            Assert.Equal(expected, found);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Load_AnyByteChangedOrCut_IsRefused(NearestKind kind)
    {
        Matrix vectors = Points.Draw(40, 5, seed: 4);
        byte[] bytes = Points.Bytes(Points.Build(vectors, kind));
        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 0x10;
            Fault? fault = FaultOf(() => NearestIndex.Load(changed, vectors));

            // What pads a section is under no checksum, and means nothing.
            Assert.True(fault is { Code: "LRN033" or "LRN034" or "LRN035" } || bytes[at] == 0, $"byte {at}");
        }

        for (int length = 0; length < bytes.Length; length += 7)
        {
            Assert.NotNull(FaultOf(() => NearestIndex.Load(bytes.AsMemory(0, length), vectors)));
        }
    }

    [Fact]
    public void Load_WithOtherVectors_IsRefused()
    {
        Matrix vectors = Points.Draw(40, 5, seed: 4);
        byte[] bytes = Points.Bytes(Points.Build(vectors, NearestKind.Bytes));
        Matrix other = new(40, 5, [.. vectors.Values]);
        other.Row(30)[2] += 1;

        Assert.Equal("LRN036", FaultOf(() => NearestIndex.Load(bytes, other))?.Code);
        Assert.Equal("LRN036", FaultOf(() => NearestIndex.Load(bytes, Points.Draw(41, 5, 4)))?.Code);
    }

    [Theory]
    [InlineData("TANDEMML", "LRN033")]
    [InlineData("", "LRN033")]
    public void Load_NoIndex_IsRefused(string start, string code) => Assert.Equal(
        code, FaultOf(() => NearestIndex.Load(System.Text.Encoding.ASCII.GetBytes(start), new Matrix(0, 1)))?.Code);

    [Fact]
    public void Load_NewerFormat_IsRefused()
    {
        Matrix vectors = Points.Draw(3, 2, seed: 4);
        byte[] bytes = Points.Bytes(Points.Build(vectors, NearestKind.Exact));
        bytes[8] = 2;

        Assert.Equal("LRN034", FaultOf(() => NearestIndex.Load(bytes, vectors))?.Code);
    }

    /// <summary>Vectors of whole numbers in one dimension: no rounding, so that every processor writes these
    /// bytes.</summary>
    [Theory]
    [InlineData(NearestKind.Exact, "09207105785D0B13")]
    [InlineData(NearestKind.Bytes, "EDDA4243D4923092")]
    [InlineData(NearestKind.Hnsw, "86F3966B7E9744AE")]
    [InlineData(NearestKind.Ivf, "5132773752AFB2CC")]
    public void Save_IsTheGoldenFile(NearestKind kind, string golden)
    {
        Matrix vectors = new(20, 1);
        for (int i = 0; i < 20; i++)
        {
            vectors.Row(i)[0] = i - 10;
        }

        byte[] bytes = Points.Bytes(Points.Build(vectors, kind));

        Assert.Equal(golden, Convert.ToHexString(SHA256.HashData(bytes))[..16]);
    }

    private static Fault? FaultOf(Action act) => Record.Exception(act) is TandemException thrown ? thrown.Fault : null;
}
