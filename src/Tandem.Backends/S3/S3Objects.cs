using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Tandem.Storage;

namespace Tandem.Backends.S3;

/// <summary>Single requests for objects of one bucket, below one prefix. Each object carries the hash of its bytes as
/// metadata; what is read is compared with it.</summary>
internal sealed class S3Objects(IAmazonS3 client, S3Address address, S3Requests requests)
{
    private const string HashField = "tandem-sha256";
    private const string WriterField = "tandem-writer";
    private const int BufferBytes = 128 << 10;

    /// <summary>Describes an object, or returns null where there is none.</summary>
    public ValueTask<S3Head?> HeadAsync(string key, CancellationToken cancellationToken) =>
        requests.RunAsync(
            "Looking for an object", key, 0, (_, stop) => HeadOnceAsync(key, stop), cancellationToken);

    /// <summary>Writes an object in one request.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="open">Opens its bytes, once an attempt.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async ValueTask PutAsync(
        string key, long bytes, string hash, Func<Stream> open, CancellationToken cancellationToken) =>
        await requests.RunAsync(
            "Writing an object", key, bytes,
            (_, stop) => client.PutObjectAsync(NewPut(key, hash, writer: null, open()), stop), cancellationToken)
            .ConfigureAwait(false);

    /// <summary>Writes an object where there is none; false where there is one.</summary>
    public ValueTask<bool> TryPutAsync(
        string key, ReadOnlyMemory<byte> content, string writer, CancellationToken cancellationToken)
    {
        string hash = ContentHash.Of(content.Span);
        return requests.RunAsync(
            "Writing a new object", key, content.Length,
            async (attempt, stop) =>
            {
                PutObjectRequest put = NewPut(key, hash, writer, new MemoryStream(content.ToArray()));
                put.Headers["If-None-Match"] = "*";
                try
                {
                    await client.PutObjectAsync(put, stop).ConfigureAwait(false);
                    return true;
                }
                catch (AmazonServiceException taken) when (S3Failures.IsPreconditionFailed(taken))
                {
                    // An earlier attempt may have been carried out although its answer was lost: then we won.
                    return attempt > 1 &&
                        await HeadOnceAsync(key, stop).ConfigureAwait(false) is { } head && head.Writer == writer;
                }
            },
            cancellationToken);
    }

    /// <summary>Reads an object whole into a stream of the caller's, and says what its hash is.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="bytes">Its length, as far as it is known.</param>
    /// <param name="expected">The hash that the caller demands, or null for the one that the object carries: it may have been
    /// replaced since it was looked for, by one that carries its own.</param>
    /// <param name="open">Opens an empty stream, once an attempt; closed here.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The hash, or null where there is no such object.</returns>
    public ValueTask<string?> GetAsync(
        string key, long bytes, string? expected, Func<Stream> open, CancellationToken cancellationToken) =>
        requests.RunAsync(
            "Reading an object", key, bytes,
            async (_, stop) =>
            {
                try
                {
                    using GetObjectResponse response = await client
                        .GetObjectAsync(new GetObjectRequest { BucketName = address.Bucket, Key = Outer(key) }, stop)
                        .ConfigureAwait(false);
                    string hash = expected ?? HashOf(response.Metadata) ?? throw BrokenAnswerException.Unmarked();
                    await CopyAsync(response, hash, open, stop).ConfigureAwait(false);
                    return hash;
                }
                catch (AmazonServiceException missing) when (IsMissing(missing))
                {
                    return null;
                }
            },
            cancellationToken);

    /// <summary>Deletes an object; does nothing where there is none.</summary>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken) =>
        await requests.RunAsync(
            "Deleting an object", key, 0,
            (_, stop) => client.DeleteObjectAsync(
                new DeleteObjectRequest { BucketName = address.Bucket, Key = Outer(key) }, stop),
            cancellationToken).ConfigureAwait(false);

    /// <summary>One page of a listing.</summary>
    /// <param name="prefix">Start of the names.</param>
    /// <param name="size">Names at most.</param>
    /// <param name="next">What the page before gave to go on with, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public ValueTask<ListObjectsV2Response> ListAsync(
        string prefix, int size, string? next, CancellationToken cancellationToken) =>
        requests.RunAsync(
            "Listing objects", prefix, 0,
            (_, stop) => client.ListObjectsV2Async(
                new ListObjectsV2Request
                {
                    BucketName = address.Bucket,
                    Prefix = Outer(prefix),
                    MaxKeys = size,
                    ContinuationToken = next,
                },
                stop),
            cancellationToken);

    /// <summary>The address of an object, for messages.</summary>
    public string Place(string key) => requests.Place(key);

    /// <summary>The hash that an object carries.</summary>
    /// <exception cref="Faults.TandemException">BCK007: it carries none.</exception>
    public string Demand(string key, S3Head head) => head.Hash ?? throw BackendErrors.NoChecksum(Place(key));

    /// <summary>The metadata that a written object carries.</summary>
    public static void Mark(MetadataCollection metadata, string hash, string? writer)
    {
        metadata[HashField] = hash;
        if (writer is not null)
        {
            metadata[WriterField] = writer;
        }
    }

    /// <summary>The name in the bucket.</summary>
    public string Outer(string key) => address.Prefix + key;

    /// <summary>A moment of the SDK's, which is UTC whatever it says.</summary>
    public static DateTimeOffset Moment(DateTime time) =>
        new(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static string? HashOf(MetadataCollection metadata) =>
        metadata[HashField] is { } hash && ContentHash.IsWellFormed(hash) ? hash : null;

    private static bool IsMissing(AmazonServiceException failure) =>
        S3Failures.IsNotFound(failure) && failure.ErrorCode is not "NoSuchBucket";

    private static async Task CopyAsync(
        GetObjectResponse response, string hash, Func<Stream> open, CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[Math.Clamp(response.ContentLength, 1, BufferBytes)];
        long copied = 0;
        Stream target = open();
        await using (target.ConfigureAwait(false))
        {
            while (await response.ResponseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                digest.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                copied += read;
            }
        }

        if (copied != response.ContentLength)
        {
            throw BrokenAnswerException.Short(response.ContentLength, copied);
        }

        string actual = ContentHash.Format(digest.GetCurrentHash());
        if (actual != hash)
        {
            throw BrokenAnswerException.Differs(hash, actual);
        }
    }

    private async Task<S3Head?> HeadOnceAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            GetObjectMetadataResponse response = await client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = address.Bucket, Key = Outer(key) }, cancellationToken)
                .ConfigureAwait(false);
            return new S3Head(
                response.ContentLength, Moment(response.LastModified), HashOf(response.Metadata),
                response.Metadata[WriterField]);
        }
        catch (AmazonServiceException missing) when (IsMissing(missing))
        {
            return null;
        }
    }

    private PutObjectRequest NewPut(string key, string hash, string? writer, Stream content)
    {
        // In chunks, simple servers take the signatures between them for content.
        PutObjectRequest put = new()
        {
            BucketName = address.Bucket,
            Key = Outer(key),
            InputStream = content,
            UseChunkEncoding = false,
            DisableDefaultChecksumValidation = true,
        };
        Mark(put.Metadata, hash, writer);
        return put;
    }
}
