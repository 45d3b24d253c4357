namespace Tandem.Spec.Expressions;

/// <summary>A function that expressions may call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fewest">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Said">How it is called, for messages.</param>
internal sealed record ExpressionFunction(string Name, int Fewest, int Most, string Said);
