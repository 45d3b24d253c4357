using System.Text.Json.Nodes;

namespace Tandem.Spec.Advice;

/// <summary>A line of a proposal.</summary>
/// <param name="Path">The key in tandem.yaml, such as <c>evaluation.gate</c>.</param>
/// <param name="Value">What is proposed.</param>
/// <param name="Was">What stood there; null for nothing.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record AdviceLine(string Path, JsonNode Value, JsonNode? Was, string Reason)
{
    /// <summary>What is proposed, as tandem.yaml has it.</summary>
    public string Said => Yaml.FlowText.Write(Value);

    /// <summary>What stood there, as tandem.yaml has it; empty for nothing.</summary>
    public string SaidBefore => Was is null ? "" : Yaml.FlowText.Write(Was);
}
