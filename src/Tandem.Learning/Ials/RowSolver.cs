using Tandem.Numerics;

namespace Tandem.Learning.Ials;

/// <summary>Solves one row after another, exactly or by conjugate gradients: what one worker holds.</summary>
internal sealed class RowSolver(FoldIn rule, IalsOptions options)
{
    private readonly NormalEquations? _exact =
        options.ConjugateSteps == 0 ? new NormalEquations(options.Factors) : null;

    private readonly ConjugateGradient? _gradient =
        options.ConjugateSteps == 0 ? null : new ConjugateGradient(options.Factors);

    /// <summary>Solves one row; by conjugate gradients from where its factor is.</summary>
    /// <returns>False where the system has no solution.</returns>
    public bool Solve(
        Matrix gram, Matrix others, ReadOnlySpan<int> met, ReadOnlySpan<float> weights, Span<float> factor) =>
        _exact is null
            ? rule.Improve(_gradient!, gram, others, met, weights, options.ConjugateSteps, factor)
            : rule.Solve(_exact, gram, others, met, weights, factor);
}
