using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tandem.Faults;

namespace Tandem.Server.Guard;

/// <summary>The outermost door: whatever goes wrong inside leaves as a problem with a code.</summary>
internal static class FaultDoor
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next, ServerOptions options)
    {
        SecurityHeaders.Add(context.Response.Headers);
        try
        {
            await next(context);
            if (context.Response.StatusCode >= StatusCodes.Status400BadRequest && !context.Response.HasStarted
                && context.Response.ContentType is null)
            {
                await CompleteAsync(context);
            }
        }
        catch (TandemException exception)
        {
            await Problem.WriteAsync(context, exception.Faults, ServerErrors.StatusOf(exception.Fault));
        }
        catch (JsonException exception)
        {
            await Problem.WriteAsync(context, ServerErrors.BadBody(exception.Message, exception.Path).Faults);
        }
        catch (BadHttpRequestException exception)
        {
            Fault fault = exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ServerErrors.BodyTooLarge(options.BodyBytes)
                : ServerErrors.BadRequest(exception.StatusCode);
            await Problem.WriteAsync(context, [fault], exception.StatusCode);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
        }
#pragma warning disable CA1031 // The HTTP door is where anything unforeseen must end as an answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await Problem.WriteAsync(
                context, [ServerErrors.Unexpected(exception.GetType().Name)], StatusCodes.Status500InternalServerError);
            options.UnexpectedFailure?.Invoke(exception);
        }
    }

    /// <summary>Gives an answer that has a status but no body yet, such as an unknown route, its problem.</summary>
    private static Task CompleteAsync(HttpContext context)
    {
        int status = context.Response.StatusCode;
        Fault fault = status switch
        {
            StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed =>
                ServerErrors.NoSuchRoute(context.Request.Method, context.Request.Path),
            StatusCodes.Status415UnsupportedMediaType =>
                ServerErrors.BadMediaType(context.Request.ContentType, "what the route takes"),
            _ => ServerErrors.BadRequest(status),
        };
        return Problem.WriteAsync(context, [fault], status);
    }
}
