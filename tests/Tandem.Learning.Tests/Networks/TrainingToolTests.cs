using Tandem.Learning.Networks;

namespace Tandem.Learning.Tests.Networks;

public sealed class TrainingToolTests
{
    [Fact]
    public void LearningRate_WarmsUp_ThenStaysOrFallsAlongACosine()
    {
        LearningRate constant = new() { Peak = 2, WarmUpSteps = 4 };
        LearningRate cosine = constant with { CosineSteps = 104, Lowest = 1 };

        Assert.Equal([0.5, 1, 1.5, 2, 2], Enumerable.Range(1, 5).Select(constant.At));
        Assert.Equal(2, constant.At(1_000_000));
        Assert.Equal(0.5, cosine.At(1));
        Assert.Equal(2, cosine.At(4));
        Assert.Equal(1.5, cosine.At(54), 1e-12);
        Assert.Equal(1, cosine.At(104), 1e-12);
        Assert.Equal(1, cosine.At(500), 1e-12);
    }

    [Fact]
    public void Clip_ShortensLongGradients_AndDropsThoseThatAreNoNumbers()
    {
        float[] gradients = new float[10_000];
        Array.Fill(gradients, 0.1f);

        Assert.Equal(100, GradientNorm.SumOfSquares(gradients), 1e-4);
        Assert.Equal(0.5f, GradientNorm.Clip(100, limit: 5));
        Assert.Equal(1, GradientNorm.Clip(100, limit: 20));
        Assert.Equal(0, GradientNorm.Clip(double.NaN, limit: 20));
        Assert.Equal(0, GradientNorm.Clip(double.PositiveInfinity, limit: 20));
    }

    [Fact]
    public void EarlyStopping_KeepsTheBest_AndStopsAfterItsPatience()
    {
        float[] watched = [1, 2];
        EarlyStopping stopping = new(patience: 2, watched);
        bool[] stops = new bool[5];
        double[] figures = [1, 3, 2, double.NaN, 2.5];
        for (int look = 0; look < figures.Length; look++)
        {
            watched[0] = look;
            stopping.Look(figures[look]);
            stops[look] = stopping.ShouldStop;
        }

        stopping.Restore();

        Assert.Equal([false, false, false, true, true], stops);
        Assert.Equal([1f, 2], watched);
        Assert.Equal(3, stopping.Best);
    }

    [Fact]
    public void EarlyStopping_WithoutALook_LeavesTheParametersAlone()
    {
        float[] watched = [1];
        EarlyStopping stopping = new(patience: 1, watched);
        watched[0] = 7;

        stopping.Restore();

        Assert.Equal(7, watched[0]);
    }
}
