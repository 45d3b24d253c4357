using Tandem.Numerics;

namespace Tandem.Learning.Ials;

/// <summary>Finds the factor of one row, user or item, from what it met: one small linear system.</summary>
/// <param name="Regularisation">λ.</param>
/// <param name="RegularisationExponent">ν.</param>
/// <param name="UnobservedWeight">α₀.</param>
/// <param name="OtherCount">Rows of the other side.</param>
/// <param name="HalfLifeDays">Half-life of a history's weights; 0 is off.</param>
internal sealed record FoldIn(
    double Regularisation, double RegularisationExponent, double UnobservedWeight, int OtherCount, double HalfLifeDays)
{
    public static FoldIn From(IalsOptions options, int otherCount) => new(
        options.Regularisation, options.RegularisationExponent, options.UnobservedWeight, otherCount,
        options.HalfLifeDays);

    /// <summary>Solves (α₀·YᵀY + Σ w·yyᵀ + λ·(Σw + α₀·n)^ν·I)·x = Σ w·y over the row's others; zero where there are
    /// none.</summary>
    /// <returns>False where the system has no solution.</returns>
    public bool Solve(
        NormalEquations equations, Matrix gram, Matrix others, ReadOnlySpan<int> met, ReadOnlySpan<float> weights,
        Span<float> factor)
    {
        if (met.IsEmpty)
        {
            factor.Clear();
            return true;
        }

        Start(equations, gram, Kernel.Sum(weights));
        equations.Add(others, met, weights);
        return equations.Solve(factor);
    }

    /// <summary>Brings a factor nearer to the solution of the same system by conjugate gradients.</summary>
    /// <returns>False where numbers overflow.</returns>
    public bool Improve(
        ConjugateGradient gradient, Matrix gram, Matrix others, ReadOnlySpan<int> met, ReadOnlySpan<float> weights,
        int steps, Span<float> factor)
    {
        if (met.IsEmpty)
        {
            factor.Clear();
            return true;
        }

        return gradient.Improve(
            gram, (float)UnobservedWeight, Ridge(Kernel.Sum(weights)), others, met, weights, steps, factor);
    }

    /// <summary>The same from a query: entries weigh by their age.</summary>
    public bool Solve(NormalEquations equations, Matrix gram, Matrix items, in ItemQuery query, Span<float> factor)
    {
        bool ages = HalfLifeDays > 0 && query.AgeDays.Length == query.History.Length;
        float total = query.History.Length;
        if (ages)
        {
            total = 0;
            foreach (float age in query.AgeDays)
            {
                total += Ageing.Decay(age, HalfLifeDays);
            }
        }

        Start(equations, gram, total);
        for (int i = 0; i < query.History.Length; i++)
        {
            equations.Add(items.Row(query.History[i]), ages ? Ageing.Decay(query.AgeDays[i], HalfLifeDays) : 1);
        }

        return equations.Solve(factor);
    }

    private void Start(NormalEquations equations, Matrix gram, float totalWeight) =>
        equations.Reset(gram, (float)UnobservedWeight, Ridge(totalWeight));

    private float Ridge(float totalWeight)
    {
        double frequency = totalWeight + (UnobservedWeight * OtherCount);
        return (float)(Regularisation * Math.Pow(frequency, RegularisationExponent));
    }
}
