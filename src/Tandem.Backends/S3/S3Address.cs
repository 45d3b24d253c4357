using Tandem.Storage;

namespace Tandem.Backends.S3;

/// <summary>Where a store lies: <c>s3://bucket/prefix</c>.</summary>
public sealed record S3Address
{
    private const string Scheme = "s3://";

    private S3Address(string bucket, string prefix)
    {
        Bucket = bucket;
        Prefix = prefix;
    }

    /// <summary>The bucket.</summary>
    public string Bucket { get; }

    /// <summary>What the names of all objects begin with: empty, or ending with <c>/</c>.</summary>
    public string Prefix { get; }

    /// <summary>True where a text means an S3 store rather than a folder.</summary>
    /// <param name="store">What <c>store</c> says.</param>
    public static bool IsS3(string store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.StartsWith(Scheme, StringComparison.Ordinal);
    }

    /// <summary>Reads an address.</summary>
    /// <param name="text"><c>s3://bucket</c>, with or without a prefix; a <c>/</c> at the end is left out.</param>
    /// <exception cref="Tandem.Faults.TandemException">BCK001: it is none.</exception>
    public static S3Address Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = IsS3(text) ? text[Scheme.Length..].TrimEnd('/').Split('/', 2) : [];
        bool isAddress = parts switch
        {
            [string bucket] => IsBucket(bucket),
            [string bucket, string prefix] => IsBucket(bucket) && ObjectKey.IsAllowed(prefix),
            _ => false,
        };
        return isAddress
            ? new S3Address(parts[0], parts.Length == 1 ? "" : parts[1] + "/")
            : throw BackendErrors.BadAddress(text);
    }

    /// <summary>The address as it is written.</summary>
    public override string ToString() => $"{Scheme}{Bucket}/{Prefix}".TrimEnd('/');

    // Amazon's rule; others allow more, which no address needs.
    private static bool IsBucket(string name) =>
        name.Length is >= 3 and <= 63 && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]) &&
        name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.');
}
