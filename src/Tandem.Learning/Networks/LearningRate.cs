namespace Tandem.Learning.Networks;

/// <summary>The learning rate of every step: rising evenly through a warm-up, then constant, or falling along half a cosine
/// to the lowest.</summary>
internal sealed record LearningRate
{
    /// <summary>Highest rate, above 0.</summary>
    public required double Peak { get; init; }

    /// <summary>Steps of the warm-up, ≥ 0, default 0.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>Step at which the cosine has reached the lowest rate; 0, the default, keeps the rate constant.</summary>
    public int CosineSteps { get; init; }

    /// <summary>Lowest rate of the cosine, ≥ 0, default 0.</summary>
    public double Lowest { get; init; }

    /// <summary>The rate of a step, counted from 1.</summary>
    public double At(int step)
    {
        if (step <= WarmUpSteps)
        {
            return Peak * step / WarmUpSteps;
        }

        if (CosineSteps == 0)
        {
            return Peak;
        }

        double done = Math.Min(1, (step - WarmUpSteps) / Math.Max(1.0, CosineSteps - WarmUpSteps));
        return Lowest + ((Peak - Lowest) * 0.5 * (1 + Math.Cos(Math.PI * done)));
    }
}
