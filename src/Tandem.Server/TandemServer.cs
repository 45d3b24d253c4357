using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tandem.Server.Guard;
using Tandem.Server.Routes;

namespace Tandem.Server;

/// <summary>A system over HTTP: its routes, its live numbers and the studio. <c>docs/http.md</c> describes
/// them.</summary>
/// <remarks>Reads no configuration of its own and writes nothing to the console.</remarks>
public sealed partial class TandemServer : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private TandemServer(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    /// <summary>Where it listens, with the port that was taken.</summary>
    public Uri Address { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="system">What it serves; outlives the server.</param>
    /// <param name="options">Where it listens, and limits.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="Faults.TandemException">HTP001: a public address without keys. HTP002: the address is none.
    /// HTP003: a key is too short. HTP004: the address is taken or cannot be listened on.</exception>
    public static async Task<TandemServer> StartAsync(
        ServedSystem system, ServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(options);
        Uri wanted = options.Check();
        WebApplication app = Build(system, options, EndPoint(wanted, options));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            await app.DisposeAsync();
            throw ServerErrors.CannotListen(options.Address, exception);
        }

        return new TandemServer(app, new Uri(app.Urls.First()));
    }

    /// <summary>Ends the live streams, lets requests in work finish for some seconds, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(ShutdownTimeout);
        await _app.DisposeAsync();
    }

    private static WebApplication Build(ServedSystem system, ServerOptions options, IPEndPoint endPoint)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel, options);
            kestrel.Listen(endPoint);
        });
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddRouting();
        builder.Services.AddRateLimiter(limiter => RequestLimits.Configure(limiter, options));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default);
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
        });
        builder.Services.AddOpenApi();
        WebApplication app = builder.Build();
        KeyGuard keys = new(options.ApiKeys);
        app.Use((context, next) => FaultDoor.InvokeAsync(context, next, options));
        app.Use(keys.InvokeAsync);
        app.UseRateLimiter();
        StudioFiles.Map(app, options.StudioFolder);
        app.MapOpenApi();
        new ApiRoutes(system, options).Map(app);
        new EventRoutes(system, options).Map(app);
        new RowRoutes(system, options).Map(app);
        new FeatureRoutes(system).Map(app);
        new OnlineRoutes(system, options).Map(app);
        new AdviceRoutes(system, options).Map(app);
        new LiveRoutes(system, app.Lifetime.ApplicationStopping).Map(app);
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.BodyBytes;
        kestrel.Limits.MaxRequestHeaderCount = options.HeaderCount;
        kestrel.Limits.MaxRequestHeadersTotalSize = options.HeaderBytes;
    }

    private static IPEndPoint EndPoint(Uri address, ServerOptions options) =>
        IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) ? new IPEndPoint(ip, address.Port)
        : address.Host == "localhost" ? new IPEndPoint(IPAddress.Loopback, address.Port)
        : throw ServerErrors.BadAddress(options.Address);
}
