using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Tandem.Server.Guard;

namespace Tandem.Server.Routes;

/// <summary>The studio's own files.</summary>
internal static class StudioFiles
{
    public static void Map(WebApplication app, string folder)
    {
        if (!File.Exists(Path.Combine(folder, "index.html")))
        {
            app.MapGet("/", (HttpContext context) => Problem.WriteAsync(context, [ServerErrors.StudioMissing(folder)]))
                .ExcludeFromDescription();
            return;
        }

        PhysicalFileProvider files = new(folder);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            // Names carry no hash, so browsers ask each time and are mostly answered 304.
            OnPrepareResponse = static response => response.Context.Response.Headers.CacheControl = "no-cache",
        });
    }
}
