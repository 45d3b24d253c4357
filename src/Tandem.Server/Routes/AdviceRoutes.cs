using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tandem.Server.Guard;

namespace Tandem.Server.Routes;

/// <summary>From a goal to a design: the questions that decide, and what follows from the answers. Nothing is
/// written.</summary>
internal sealed class AdviceRoutes(ServedSystem system, ServerOptions options)
{
    private readonly JsonBodies _bodies = new(options);

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/advice", (HttpContext context, bool? onto) => context.Response.WriteAsJsonAsync(
                new AdviceQuestionsBody(system.AdviceQuestions(onto ?? false)), ServerJson.Default.AdviceQuestionsBody,
                cancellationToken: context.RequestAborted))
            .WithSummary("The questions whose answers decide a design").Produces<AdviceQuestionsBody>();
        app.MapPost("/v1/advice", (HttpContext context, CancellationToken _) => AdviseAsync(context))
            .WithSummary("Proposes a tandem.yaml from answers, each line with its reason")
            .Accepts<AdviceBody>(BodyRuns.Json).Produces<AdviceProposalBody>()
            .Produces<ProblemBody>(StatusCodes.Status400BadRequest, Problem.MediaType);
    }

    private async Task AdviseAsync(HttpContext context)
    {
        if (await _bodies.ReadAsync<AdviceBody>(context, "answers to the questions of a design") is not { } body)
        {
            return;
        }

        await context.Response.WriteAsJsonAsync(
            AdviceProposalBody.From(system.Advise(body.Read(), body.Onto)), ServerJson.Default.AdviceProposalBody,
            cancellationToken: context.RequestAborted);
    }
}
