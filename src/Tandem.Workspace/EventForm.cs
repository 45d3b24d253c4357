namespace Tandem.Workspace;

/// <summary>How a client writes events.</summary>
public enum EventForm
{
    /// <summary>As the raw log writes them: <c>docs/formats/event.md</c>.</summary>
    Event = 0,

    /// <summary>As CloudEvents 1.0 in JSON; <c>docs/http.md</c> says what becomes what.</summary>
    CloudEvent = 1,
}
