using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Tandem.Faults;

namespace Tandem.Backends.S3;

/// <summary>Writes large files in parts, some at a time. The object appears when the last request is carried out, or
/// never.</summary>
internal sealed class S3Upload(IAmazonS3 client, S3Address address, S3Objects objects, S3Requests requests)
{
    private const int MostParts = 10_000;
    private const int PartsAtOnce = 4;

    /// <summary>Writes a file.</summary>
    /// <param name="key">Name of the object.</param>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="partBytes">Bytes of a part; more where there would be too many.</param>
    /// <param name="cancellationToken">Stops it; parts that were sent are given up.</param>
    public async ValueTask PutAsync(
        string key, string path, long bytes, string hash, long partBytes, CancellationToken cancellationToken)
    {
        long size = Math.Max(partBytes, (bytes + MostParts - 1) / MostParts);
        string upload = await BeginAsync(key, hash, cancellationToken).ConfigureAwait(false);
        try
        {
            var parts = new PartETag[(bytes + size - 1) / size];
            await Parallel.ForAsync(
                0, parts.Length,
                new ParallelOptions { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = cancellationToken },
                async (index, stop) =>
                {
                    long offset = index * size;
                    long length = Math.Min(size, bytes - offset);
                    UploadPartResponse sent = await requests.RunAsync(
                        "Writing a part of an object", key, length,
                        (_, inner) => client.UploadPartAsync(NewPart(key, upload, path, index, offset, length), inner),
                        stop).ConfigureAwait(false);
                    parts[index] = new PartETag(index + 1, sent.ETag);
                }).ConfigureAwait(false);
            await CompleteAsync(key, upload, parts, hash, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await AbandonAsync(key, upload).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<string> BeginAsync(string key, string hash, CancellationToken cancellationToken)
    {
        InitiateMultipartUploadRequest begin = new() { BucketName = address.Bucket, Key = objects.Outer(key) };
        S3Objects.Mark(begin.Metadata, hash, writer: null);
        InitiateMultipartUploadResponse begun = await requests.RunAsync(
            "Beginning to write an object in parts", key, 0,
            (_, stop) => client.InitiateMultipartUploadAsync(begin, stop), cancellationToken).ConfigureAwait(false);
        return begun.UploadId;
    }

    private UploadPartRequest NewPart(
        string key, string upload, string path, int index, long offset, long length) => new()
        {
            BucketName = address.Bucket,
            Key = objects.Outer(key),
            UploadId = upload,
            PartNumber = index + 1,
            FilePath = path,
            FilePosition = offset,
            PartSize = length,
            UseChunkEncoding = false,
            DisableDefaultChecksumValidation = true,
        };

    private async ValueTask CompleteAsync(
        string key, string upload, PartETag[] parts, string hash, CancellationToken cancellationToken) =>
        await requests.RunAsync(
            "Joining the parts of an object", key, 0,
            async (attempt, stop) =>
            {
                CompleteMultipartUploadRequest complete = new()
                {
                    BucketName = address.Bucket,
                    Key = objects.Outer(key),
                    UploadId = upload,
                    PartETags = [.. parts],
                };
                try
                {
                    await client.CompleteMultipartUploadAsync(complete, stop).ConfigureAwait(false);
                    return true;
                }
                catch (AmazonServiceException gone) when (attempt > 1 && S3Failures.IsNotFound(gone))
                {
                    // The upload is over: an earlier attempt was carried out although its answer was lost.
                    S3Head? head = await objects.HeadAsync(key, stop).ConfigureAwait(false);
                    if (head?.Hash != hash)
                    {
                        throw;
                    }

                    return true;
                }
            },
            cancellationToken).ConfigureAwait(false);

    // What cannot be given up now goes by the bucket's own rule for unfinished uploads.
    private async ValueTask AbandonAsync(string key, string upload)
    {
        try
        {
            await requests.RunAsync(
                "Giving up an object's parts", key, 0,
                (_, stop) => client.AbortMultipartUploadAsync(
                    new AbortMultipartUploadRequest
                    {
                        BucketName = address.Bucket,
                        Key = objects.Outer(key),
                        UploadId = upload,
                    },
                    stop),
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (TandemException)
        {
            // The failure that led here is the one to tell.
        }
    }
}
