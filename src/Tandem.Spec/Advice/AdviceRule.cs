using System.Text.Json.Nodes;

namespace Tandem.Spec.Advice;

/// <summary>Sets a key where answers ask for it.</summary>
/// <param name="Path">The key.</param>
/// <param name="Holds">Whether the rule speaks.</param>
/// <param name="Value">What it proposes.</param>
/// <param name="Reason">Why.</param>
internal sealed record AdviceRule(
    string Path, Func<AdviceAnswers, bool> Holds, Func<AdviceAnswers, JsonNode> Value, Func<AdviceAnswers, string> Reason);
