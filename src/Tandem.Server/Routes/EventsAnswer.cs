using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tandem.Workspace;

namespace Tandem.Server.Routes;

/// <summary>Collects what became of a request's events, and writes it as <see cref="EventsBody"/>: the counts, then one
/// outcome each.</summary>
internal sealed class EventsAnswer : IDisposable
{
    private readonly int _limit;
    private readonly bool _isBrief;
    private readonly ArrayBufferWriter<byte> _outcomes = new();
    private readonly Utf8JsonWriter _json;
    private int _count;
    private int _refused;

    private EventsAnswer(int limit, bool isBrief)
    {
        _limit = limit;
        _isBrief = isBrief;
        _json = new Utf8JsonWriter(_outcomes);
        _json.WriteStartArray();
    }

    /// <summary>An empty answer.</summary>
    /// <param name="outcomes">What the caller wants to be told: <c>all</c>, the default, or <c>refused</c>.</param>
    /// <param name="options">Limits.</param>
    /// <exception cref="Faults.TandemException">HTP017: the caller wants something else.</exception>
    public static EventsAnswer For(string? outcomes, ServerOptions options) => new(
        options.EventsPerRequest, isBrief: outcomes switch
        {
            null or "all" => false,
            "refused" => true,
            _ => throw ServerErrors.BadQuery("outcomes", outcomes, "'all' or 'refused'"),
        });

    /// <summary>Says that events are about to be taken.</summary>
    /// <exception cref="Faults.TandemException">HTP018: they are more than one request may bring.</exception>
    public void Expect(int count)
    {
        if (_count + count > _limit)
        {
            throw ServerErrors.TooManyEvents(_limit, _count);
        }
    }

    /// <summary>Adds the outcomes of the next events.</summary>
    public void Add(IReadOnlyList<EventOutcome> outcomes)
    {
        for (int i = 0; i < outcomes.Count; i++)
        {
            EventOutcome outcome = outcomes[i];
            _refused += outcome.Fault is null ? 0 : 1;
            if (!_isBrief || outcome.Fault is not null)
            {
                JsonSerializer.Serialize(
                    _json, EventOutcomeBody.From(outcome, _count + i), ServerJson.Default.EventOutcomeBody);
            }
        }

        _count += outcomes.Count;
    }

    /// <summary>Writes the answer.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        _json.WriteEndArray();
        await _json.FlushAsync(context.RequestAborted);
        context.Response.ContentType = "application/json; charset=utf-8";
        string head = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $$"""{"accepted":{{_count - _refused}},"refused":{{_refused}},"outcomes":""");
        await context.Response.WriteAsync(head, context.RequestAborted);
        await context.Response.Body.WriteAsync(_outcomes.WrittenMemory, context.RequestAborted);
        await context.Response.Body.WriteAsync("}"u8.ToArray(), context.RequestAborted);
    }

    public void Dispose() => _json.Dispose();
}
