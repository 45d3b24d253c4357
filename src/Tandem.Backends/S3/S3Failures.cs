using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Xml;
using Amazon.Runtime;
using Polly.Timeout;
using Tandem.Faults;
using Tandem.Storage;

namespace Tandem.Backends.S3;

/// <summary>What a failed request means: worth another attempt, or which fault it is.</summary>
internal static class S3Failures
{
    private const int LongestCode = 64;

    /// <summary>True where the same request may succeed a moment later.</summary>
    public static bool IsTransient(Exception? failure) => failure switch
    {
        TimeoutRejectedException or BrokenAnswerException or HttpRequestException or HttpIOException => true,
        IOException { InnerException: SocketException } or SocketException => true,
        AmazonUnmarshallingException or AmazonClientException or XmlException => true,
        AmazonServiceException { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout } => true,
        AmazonServiceException { StatusCode: HttpStatusCode.Conflict } => true,
        AmazonServiceException { ErrorCode: "RequestTimeout" or "SlowDown" } => true,
        AmazonServiceException e => (int)e.StatusCode is 0 or >= 500,
        _ => false,
    };

    /// <summary>True where the object, or its bucket, is not there.</summary>
    public static bool IsNotFound(AmazonServiceException failure) => failure.StatusCode == HttpStatusCode.NotFound;

    /// <summary>True where a condition of the request did not hold.</summary>
    public static bool IsPreconditionFailed(AmazonServiceException failure) =>
        failure.StatusCode == HttpStatusCode.PreconditionFailed;

    /// <summary>The fault that a request ended with.</summary>
    /// <param name="doing">What was tried, to begin a sentence.</param>
    /// <param name="place">The object's address.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="attempts">How often it was tried.</param>
    /// <param name="failure">How the last attempt ended.</param>
    public static TandemException Translate(
        string doing, string place, string bucket, int attempts, Exception failure) => failure switch
        {
            BrokenAnswerException { ExpectedHash: { } expected, ActualHash: { } actual } =>
                StorageErrors.ContentDiffers(place, expected, actual),
            AmazonServiceException { ErrorCode: "NoSuchBucket" } => BackendErrors.NoBucket(bucket),
            AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } refused =>
                BackendErrors.Refused(doing, place, Answer(refused)),
            AmazonServiceException odd when !IsTransient(odd) => BackendErrors.OddAnswer(doing, place, Answer(odd)),
            _ => BackendErrors.Failed(doing, place, attempts, Describe(failure)),
        };

    private static string Describe(Exception failure) => failure switch
    {
        TimeoutRejectedException => "no whole answer in time",
        BrokenAnswerException => failure.Message,
        AmazonUnmarshallingException or AmazonClientException or XmlException => "the answer cannot be read as S3's",
        AmazonServiceException answered when answered.StatusCode != default => Answer(answered),
        _ => Innermost(failure) is SocketException socket
            ? string.Create(CultureInfo.InvariantCulture, $"the connection failed ({socket.SocketErrorCode})")
            : "the connection was cut",
    };

    // The server's code is a word of S3's; its message is a stranger's text.
    private static string Answer(AmazonServiceException answered)
    {
        string code = answered.ErrorCode ?? "";
        bool isWord = code.Length is > 0 and <= LongestCode && code.All(char.IsAsciiLetterOrDigit);
        return string.Create(
            CultureInfo.InvariantCulture, $"status {(int)answered.StatusCode}{(isWord ? $", {code}" : "")}");
    }

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure;
    }
}
