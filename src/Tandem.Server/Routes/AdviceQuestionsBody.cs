using Tandem.Spec.Advice;

namespace Tandem.Server.Routes;

/// <summary>What decides a design, over the wire.</summary>
/// <param name="Questions">In the order in which they are asked.</param>
internal sealed record AdviceQuestionsBody(IReadOnlyList<AdviceQuestion> Questions);
