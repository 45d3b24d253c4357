using System.Buffers;
using System.Security.Cryptography;

namespace Tandem.Storage;

/// <summary>The name of bytes by what they are: <c>sha256:</c> and 64 hexadecimal digits in lower case.</summary>
public static class ContentHash
{
    private const string Prefix = "sha256:";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Hashes bytes.</summary>
    /// <param name="content">The bytes.</param>
    public static string Of(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, digest);
        return Format(digest);
    }

    /// <summary>Hashes what is left of a stream.</summary>
    /// <param name="content">The stream; read to its end, not closed.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async ValueTask<string> OfAsync(Stream content, CancellationToken cancellationToken = default)
    {
        byte[] digest = await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false);
        return Format(digest);
    }

    /// <summary>Hashes a local file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async ValueTask<string> OfFileAsync(string path, CancellationToken cancellationToken = default)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: false);
        await using (file.ConfigureAwait(false))
        {
            return await OfAsync(file, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True for <c>sha256:</c> followed by 64 hexadecimal digits in lower case.</summary>
    /// <param name="text">Any text.</param>
    public static bool IsWellFormed(ReadOnlySpan<char> text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) &&
        text.Length == Prefix.Length + (2 * SHA256.HashSizeInBytes) &&
        !text[Prefix.Length..].ContainsAnyExcept(HexDigits);

    /// <summary>The digits alone, for names where a colon will not do.</summary>
    /// <param name="hash">A hash, with or without its prefix.</param>
    public static string Digits(string hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return hash[(hash.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    /// <summary>Throws unless a local file still has the hash that was recorded for it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">The recorded hash.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="Tandem.Faults.TandemException">STO004: the bytes differ.</exception>
    public static async ValueTask VerifyFileAsync(
        string path, string expected, CancellationToken cancellationToken = default)
    {
        string actual = await OfFileAsync(path, cancellationToken).ConfigureAwait(false);
        Demand(path, expected, actual);
    }

    /// <summary>Throws unless bytes have the hash that was recorded for them.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="expected">The recorded hash.</param>
    /// <param name="place">Where they came from, for the message.</param>
    /// <exception cref="Tandem.Faults.TandemException">STO004: the bytes differ.</exception>
    public static void Verify(ReadOnlySpan<byte> content, string expected, string place) =>
        Demand(place, expected, Of(content));

    private static void Demand(string place, string expected, string actual)
    {
        if (!string.Equals(expected, actual, StringComparison.Ordinal))
        {
            throw StorageErrors.ContentDiffers(place, expected, actual);
        }
    }

    internal static string Format(ReadOnlySpan<byte> digest) => Prefix + Convert.ToHexStringLower(digest);
}
