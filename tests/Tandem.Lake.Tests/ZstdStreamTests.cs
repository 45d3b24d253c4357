using System.Security.Cryptography;
using System.Text;
using Tandem.Lake.Native;
using Tandem.Testing;

namespace Tandem.Lake.Tests;

public sealed class ZstdStreamTests
{
    private const string Content = "u1 i1 i2 i3\nu2 i1 i2 i3\nu3 i1 i2 i3\n";

    // What `zstd -19` 1.5.4 made of it: a pressed block, and a checksum at the end.
    private const string Packed = "28b52ffd0468bd00007875312069312069322069330a7532330200600b378a12e252a88b";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(1_000_003)]
    public void AFrame_GivesItsBytes(int length)
    {
        byte[] content = Bytes(length, seed: 7);

        Assert.Equal(content, Unpack(ZstdFrame.Of(content), bufferBytes: 4096));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1 << 20)]
    public void ManyFrames_AreOneFile(int bufferBytes)
    {
        byte[] content = Bytes(50_000, seed: 8);

        Assert.Equal(content, Unpack(ZstdFrame.Many(content, frameBytes: 700), bufferBytes));
    }

    [Fact]
    public void WhatTheProgramOfZstdPacked_IsReadAndItsChecksumHeld()
    {
        byte[] packed = Convert.FromHexString(Packed);

        Assert.Equal(Content, Encoding.UTF8.GetString(Unpack(packed, bufferBytes: 10)));
        packed[12] ^= 1;
        Assert.Contains(
            "checksum",
            Assert.Throws<InvalidDataException>(() => Unpack(packed, bufferBytes: 10)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void BytesThatWerePressed_AreTheSameAgain()
    {
        using TestFolder folder = new();
        using DuckDatabase database = LakeDatabase.Open(new LakeOptions(), "");
        using DuckConnection connection = database.Connect();
        string rows = "select range % 97 as a, 'row ' || range as b, hash(range) as c from range(300000)";
        foreach ((string name, string compression) in new[] { ("plain", "none"), ("packed", "zstd") })
        {
            connection.Execute(
                $"copy ({rows} order by range) to '{folder[name]}' (format csv, compression {compression})",
                CancellationToken.None);
        }

        byte[] packed = File.ReadAllBytes(folder["packed"]);

        Assert.True(packed.Length * 2 < new FileInfo(folder["plain"]).Length);
        Assert.Equal(
            SHA256.HashData(File.ReadAllBytes(folder["plain"])), SHA256.HashData(Unpack(packed, bufferBytes: 81_920)));
    }

    [Fact]
    public void AFrameThatEndsAnywhereTooEarly_IsNeverTakenForAWholeOne()
    {
        byte[] content = Bytes(40, seed: 9);
        byte[] frame = ZstdFrame.Of(content);

        for (int length = 0; length < frame.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Unpack(frame[..length], bufferBytes: 1024));
        }
    }

    [Fact]
    public void BytesBehindAFrame_ThatAreNone_AreRefused()
    {
        byte[] frame = ZstdFrame.Of("u1 i1\n"u8);

        InvalidDataException garbage = Assert.Throws<InvalidDataException>(() =>
            Unpack([.. frame, .. "not packed"u8], bufferBytes: 1024));

        Assert.Contains("Unknown frame descriptor", garbage.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Unpack([.. frame, 0x28], bufferBytes: 1024));
    }

    [Fact]
    public void AWindowOfMoreThan128MiB_IsRefused()
    {
        byte[] frame = ZstdFrame.Of("u1 i1\n"u8);
        frame[5] = 18 << 3;

        Assert.Contains(
            "too much memory",
            Assert.Throws<InvalidDataException>(() => Unpack(frame, bufferBytes: 1024)).Message,
            StringComparison.Ordinal);
    }

    private static byte[] Unpack(byte[] packed, int bufferBytes)
    {
        using ZstdStream stream = new(new MemoryStream(packed));
        using MemoryStream content = new();
        stream.CopyTo(content, bufferBytes);
        return content.ToArray();
    }

    private static byte[] Bytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)((i * seed) ^ (i >> 8));
        }

        return bytes;
    }
}
