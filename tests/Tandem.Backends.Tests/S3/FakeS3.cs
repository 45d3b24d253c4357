using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Tandem.Backends.Tests.S3;

/// <summary>A small S3 in memory: one bucket, and failures on order.</summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    public const string Bucket = "tandem-test";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Method, FakeFault Fault)> _faults = new();
    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, FakeObject> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FakeUpload> _uploads = new(StringComparer.Ordinal);

    private FakeS3(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>False to write over what is there although asked not to.</summary>
    public bool HonoursConditions { get; set; } = true;

    /// <summary>True to list names backwards.</summary>
    public bool ListsBackwards { get; set; }

    /// <summary>Uploads in parts that were neither joined nor given up.</summary>
    public int OpenUploads
    {
        get
        {
            lock (_gate)
            {
                return _uploads.Count;
            }
        }
    }

    public static async Task<FakeS3> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        FakeS3 server = new(builder.Build());
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Lets the next requests of a method fail; JOIN is the last of an upload in parts.</summary>
    public void Fail(string method, FakeFault fault, int times = 1)
    {
        for (int n = 0; n < times; n++)
        {
            _faults.Enqueue((method, fault));
        }
    }

    /// <summary>Requests of a method so far.</summary>
    public int Calls(string method) => _calls.GetValueOrDefault(method);

    /// <summary>Puts an object there as another program would.</summary>
    public void Plant(string key, string content)
    {
        lock (_gate)
        {
            _objects[key] = new FakeObject(Encoding.UTF8.GetBytes(content), []);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        bool isJoin = context.Request.Method == "POST" && context.Request.Query.ContainsKey("uploadId");
        string method = isJoin ? "JOIN" : context.Request.Method;
        _calls.AddOrUpdate(method, 1, static (_, count) => count + 1);
        FakeFault? fault = null;
        if (_faults.TryPeek(out (string Method, FakeFault Fault) next) && next.Method == method)
        {
            _faults.TryDequeue(out _);
            fault = next.Fault;
        }

        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        switch (fault)
        {
            case FakeFault.Unavailable:
                context.Response.StatusCode = 503;
                return;
            case FakeFault.SlowDown:
                await FailAsync(context, 503, "SlowDown", "Please.");
                return;
            case FakeFault.Hang:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            case FakeFault.CutBefore:
                context.Abort();
                return;
            case FakeFault.Page:
                await context.Response.WriteAsync("<html><p>Welcome");
                return;
            case FakeFault.Denied:
                await FailAsync(context, 403, "AccessDenied", $"You sent {context.Request.Headers.Authorization}");
                return;
            default:
                await ServeAsync(context, body.ToArray(), fault);
                return;
        }
    }

    private async Task ServeAsync(HttpContext context, byte[] body, FakeFault? fault)
    {
        HttpRequest request = context.Request;
        string[] path = request.Path.Value!.TrimStart('/').Split('/', 2);
        if (path[0] != Bucket)
        {
            await FailAsync(context, 404, "NoSuchBucket", "None.");
            return;
        }

        string key = path.Length == 1 ? "" : path[1];
        string? upload = request.Query["uploadId"];
        FakeAnswer answer = (request.Method, upload, key) switch
        {
            ("GET", _, "") => List(request.Query),
            ("GET" or "HEAD", _, _) => Get(key),
            ("PUT", null, _) => Put(key, body, request),
            ("PUT", { } open, _) => PutPart(open, request.Query["partNumber"]!, body),
            ("POST", null, _) => Begin(key, request),
            ("POST", { } open, _) => Join(open),
            ("DELETE", null, _) => Delete(key),
            ("DELETE", { } open, _) => GiveUp(open),
            _ => new FakeAnswer(405),
        };
        if (fault == FakeFault.CutAfter)
        {
            context.Abort();
            return;
        }

        await SendAsync(context, answer, fault);
    }

    private static async Task SendAsync(HttpContext context, FakeAnswer answer, FakeFault? fault)
    {
        byte[] body = [.. answer.Body];
        context.Response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.Headers.ETag = "\"0123456789abcdef-1\"";
        context.Response.ContentLength = body.Length;
        if (context.Request.Method == "HEAD")
        {
            return;
        }

        if (fault == FakeFault.Garbage)
        {
            body[body.Length / 2] ^= 1;
        }

        if (fault == FakeFault.Truncate)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(body);
    }

    private static async Task FailAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        if (context.Request.Method != "HEAD")
        {
            await context.Response.WriteAsync(Error(code, message));
        }
    }

    private static string Error(string code, string message) =>
        $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{SecurityElement.Escape(message)}</Message></Error>";

    private static FakeAnswer Missing(string code) => new(404, Error(code, "None."));

    private static Dictionary<string, string> Metadata(HttpRequest request) =>
        request.Headers.Where(header => header.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    private FakeAnswer List(IQueryCollection query)
    {
        string prefix = query["prefix"].ToString();
        string after = query["continuation-token"].ToString();
        int size = int.Parse(query["max-keys"].ToString(), CultureInfo.InvariantCulture);
        lock (_gate)
        {
            KeyValuePair<string, FakeObject>[] found =
            [
                .. _objects.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)
                    && string.CompareOrdinal(entry.Key, after) > 0),
            ];
            KeyValuePair<string, FakeObject>[] page = [.. found.Take(size)];
            if (ListsBackwards)
            {
                page = [.. page.Reverse()];
            }

            StringBuilder xml = new("<?xml version=\"1.0\"?><ListBucketResult>");
            xml.Append(CultureInfo.InvariantCulture, $"<IsTruncated>{(found.Length > size ? "true" : "false")}</IsTruncated>");
            if (found.Length > size)
            {
                xml.Append(CultureInfo.InvariantCulture, $"<NextContinuationToken>{page[^1].Key}</NextContinuationToken>");
            }

            foreach ((string key, FakeObject content) in page)
            {
                xml.Append(CultureInfo.InvariantCulture, $"<Contents><Key>{key}</Key><Size>{content.Bytes.Length}</Size>")
                    .Append("<LastModified>2026-01-11T00:00:00.000Z</LastModified></Contents>");
            }

            return new FakeAnswer(200, xml.Append("</ListBucketResult>").ToString());
        }
    }

    private FakeAnswer Get(string key)
    {
        lock (_gate)
        {
            return _objects.TryGetValue(key, out FakeObject? found)
                ? new FakeAnswer(200)
                {
                    Body = found.Bytes,
                    Headers = new Dictionary<string, string>(found.Metadata, StringComparer.OrdinalIgnoreCase)
                    {
                        ["Last-Modified"] = "Sun, 11 Jan 2026 00:00:00 GMT",
                    },
                }
                : Missing("NoSuchKey");
        }
    }

    private FakeAnswer Put(string key, byte[] body, HttpRequest request)
    {
        lock (_gate)
        {
            if (request.Headers.IfNoneMatch == "*" && HonoursConditions && _objects.ContainsKey(key))
            {
                return new FakeAnswer(412, Error("PreconditionFailed", "There."));
            }

            _objects[key] = new FakeObject(body, Metadata(request));
            return new FakeAnswer(200);
        }
    }

    private FakeAnswer Begin(string key, HttpRequest request)
    {
        lock (_gate)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"upload-{_uploads.Count}-{key.Length}");
            _uploads[id] = new FakeUpload(key, Metadata(request));
            return new FakeAnswer(
                200,
                $"<?xml version=\"1.0\"?><InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>");
        }
    }

    private FakeAnswer PutPart(string upload, string number, byte[] body)
    {
        lock (_gate)
        {
            if (!_uploads.TryGetValue(upload, out FakeUpload? open))
            {
                return Missing("NoSuchUpload");
            }

            open.Parts[int.Parse(number, CultureInfo.InvariantCulture)] = body;
            return new FakeAnswer(200);
        }
    }

    private FakeAnswer Join(string upload)
    {
        lock (_gate)
        {
            if (!_uploads.Remove(upload, out FakeUpload? open))
            {
                return Missing("NoSuchUpload");
            }

            _objects[open.Key] = new FakeObject([.. open.Parts.Values.SelectMany(part => part)], open.Metadata);
            return new FakeAnswer(
                200, "<?xml version=\"1.0\"?><CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>");
        }
    }

    private FakeAnswer GiveUp(string upload)
    {
        lock (_gate)
        {
            return _uploads.Remove(upload) ? new FakeAnswer(204) : Missing("NoSuchUpload");
        }
    }

    private FakeAnswer Delete(string key)
    {
        lock (_gate)
        {
            _objects.Remove(key);
            return new FakeAnswer(204);
        }
    }

    private sealed record FakeObject(byte[] Bytes, Dictionary<string, string> Metadata);

    private sealed record FakeUpload(string Key, Dictionary<string, string> Metadata)
    {
        public SortedDictionary<int, byte[]> Parts { get; } = [];
    }

    private sealed record FakeAnswer(int Status, string Text = "")
    {
        public byte[] Body { get; init; } = Encoding.UTF8.GetBytes(Text);

        public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    }
}
