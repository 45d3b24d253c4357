using System.Text;
using Tandem.Faults;
using Tandem.Learning.Files;

namespace Tandem.Learning.Tests.Files;

public sealed class ModelFileTests
{
    [Fact]
    public void Write_GivesTheDocumentedBytes()
    {
        byte[] header = Encoding.UTF8.GetBytes(
            """{"kind":"test","settings":{"items":2,"decay":0.5},"arrays":[{"name":"a","type":"f32","length":2},{"name":"b","type":"i32","length":1}]}""");

        byte[] found = WriteSmall();

        Assert.Equal("TANDEMML"u8.ToArray(), found[..8]);
        Assert.Equal(1u, BitConverter.ToUInt32(found, 8));
        Assert.Equal((uint)header.Length, BitConverter.ToUInt32(found, 12));
        Assert.Equal(BitwiseCrc(header), BitConverter.ToUInt32(found, 16));
        Assert.Equal(header, found[20..(20 + header.Length)]);
        byte[] arrays = [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 7, 0, 0, 0];
        Assert.Equal(arrays, found[(20 + header.Length)..^4]);
        Assert.Equal(BitwiseCrc(arrays), BitConverter.ToUInt32(found, found.Length - 4));
    }

    [Fact]
    public void Read_GivesWhatWasWritten()
    {
        ModelContent content = ModelFile.Read(new MemoryStream(WriteSmall()), "test");

        Assert.Equal(0.5, content.Setting("decay"));
        Assert.Equal(2, content.Count("items"));
        Assert.Equal([1f, -2f], content.Floats("a", 2));
        Assert.Equal([7], content.Wholes("b", 1));
    }

    [Fact]
    public void Read_OfArraysLongerThanOneBlock_GivesThemBack()
    {
        float[] values = [.. Enumerable.Range(0, (1 << 20) + 3).Select(number => (float)number)];
        using MemoryStream stream = new();

        ModelFile.Write(stream, "test", [], new ModelArray("a", values));

        stream.Position = 0;
        Assert.Equal(values, ModelFile.Read(stream).Floats("a", values.Length));
    }

    [Fact]
    public void Read_OfAnotherKind_IsACodedFault()
    {
        TandemException fault = Assert.Throws<TandemException>(() => ModelFile.Read(new MemoryStream(WriteSmall()), "other"));

        Assert.Equal("LRN013", fault.Fault.Code);
    }

    [Fact]
    public void Read_OfANewerFormat_IsACodedFault()
    {
        byte[] bytes = WriteSmall();
        bytes[8] = 2;

        TandemException fault = Assert.Throws<TandemException>(() => ModelFile.Read(new MemoryStream(bytes)));

        Assert.Equal("LRN011", fault.Fault.Code);
        Assert.Equal(FaultKind.Unsupported, fault.Fault.Kind);
    }

    [Fact]
    public void Read_OfSomethingElse_IsACodedFault()
    {
        TandemException fault = Assert.Throws<TandemException>(
            () => ModelFile.Read(new MemoryStream("PK and some more bytes of a zip file"u8.ToArray())));

        Assert.Equal("LRN010", fault.Fault.Code);
    }

    [Theory]
    [InlineData("items")]
    [InlineData("length")]
    [InlineData("missing")]
    public void Content_ThatDoesNotFit_IsACodedFault(string what)
    {
        ModelContent content = new(
            "test", new Dictionary<string, double>(StringComparer.Ordinal) { ["items"] = 1.5 }, [new ModelArray("a", [1f])]);

        TandemException fault = Assert.Throws<TandemException>(() => _ = what switch
        {
            "items" => content.Count("items"),
            "length" => content.Floats("a", 2).Length,
            _ => content.Wholes("a", 1).Length,
        });

        Assert.Equal("LRN012", fault.Fault.Code);
    }

    [Fact]
    public void Crc32C_AgreesWithItsTwin()
    {
        Assert.Equal(0xE3069283u, Crc32C.Append(0, "123456789"u8));
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(number => (byte)(number * 7))];
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(BitwiseCrc(bytes.AsSpan(0, length)), Crc32C.Append(0, bytes.AsSpan(0, length)));
            uint half = Crc32C.Append(0, bytes.AsSpan(0, length / 2));
            Assert.Equal(BitwiseCrc(bytes.AsSpan(0, length)), Crc32C.Append(half, bytes.AsSpan(length / 2, length - (length / 2))));
        }
    }

    private static byte[] WriteSmall()
    {
        using MemoryStream stream = new();
        ModelFile.Write(
            stream, "test", [new("items", 2), new("decay", 0.5)], new ModelArray("a", [1f, -2f]), new ModelArray("b", [7]));
        return stream.ToArray();
    }

    private static uint BitwiseCrc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte next in bytes)
        {
            crc ^= next;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
            }
        }

        return ~crc;
    }
}
