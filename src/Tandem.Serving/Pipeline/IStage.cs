namespace Tandem.Serving.Pipeline;

/// <summary>One step of a request: reads and changes the context, nothing else.</summary>
internal interface IStage
{
    /// <summary>Name in traces.</summary>
    string Name { get; }

    /// <summary>Does its step.</summary>
    void Run(RequestContext context);
}
