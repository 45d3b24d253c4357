using System.Diagnostics;
using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>Moves an array of parameters against its gradients, and keeps what the rule remembers of every
/// element.</summary>
/// <remarks>Different ranges may be updated by different threads. Rows of a table that a step does not meet keep their
/// running means as they were (lazy Adam).</remarks>
internal sealed class Optimiser
{
    private readonly OptimiserOptions _options;
    private float _rate;
    private float _correctedRate;
    private float _correctedEpsilon;

    /// <summary>Makes the state of an array of parameters.</summary>
    public Optimiser(OptimiserOptions options, int length)
    {
        _options = options;
        Means = options.Kind == OptimiserKind.Adam ? LargeArray.Zeros<float>(length) : [];
        Squares = options.Kind == OptimiserKind.Sgd ? [] : LargeArray.Zeros<float>(length);
        if (options.Kind == OptimiserKind.Adagrad)
        {
            Array.Fill(Squares, options.InitialSum);
        }
    }

    /// <summary>Adam's running means of the gradients; else empty. Part of a checkpoint.</summary>
    public float[] Means { get; }

    /// <summary>Running means or sums of squares; empty for SGD. Part of a checkpoint.</summary>
    public float[] Squares { get; }

    /// <summary>Steps begun so far. Part of a checkpoint.</summary>
    public int StepCount { get; set; }

    /// <summary>Begins a step.</summary>
    /// <param name="rate">Learning rate of the step.</param>
    public void Begin(double rate)
    {
        StepCount++;
        _rate = (float)rate;

        // x − rate·m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), the corrections taken out of the loop.
        double mean = 1 - Math.Pow(_options.MeanDecay, StepCount);
        double square = Math.Sqrt(1 - Math.Pow(_options.SquareDecay, StepCount));
        _correctedRate = (float)(rate * square / mean);
        _correctedEpsilon = (float)(_options.Epsilon * square);
    }

    /// <summary>Steps a range of the parameters.</summary>
    /// <param name="parameters">All parameters.</param>
    /// <param name="start">First of the range.</param>
    /// <param name="gradient">Gradients of the range.</param>
    /// <param name="decays">True where weight decay applies.</param>
    public void Update(float[] parameters, int start, ReadOnlySpan<float> gradient, bool decays)
    {
        int length = gradient.Length;
        Span<float> x = parameters.AsSpan(start, length);
        if (decays && _options.WeightDecay > 0)
        {
            Kernel.Scale(1 - (_rate * _options.WeightDecay), x);
        }

        switch (_options.Kind)
        {
            case OptimiserKind.Sgd:
                Kernel.AddScaled(-_rate, gradient, x);
                break;
            case OptimiserKind.Adagrad:
                Kernel.AdagradStep(gradient, Squares.AsSpan(start, length), _rate, _options.Epsilon, x);
                break;
            case OptimiserKind.Adam:
                Kernel.AdamStep(
                    gradient, Means.AsSpan(start, length), Squares.AsSpan(start, length),
                    (1 - _options.MeanDecay, 1 - _options.SquareDecay), _correctedRate, _correctedEpsilon, x);
                break;
            default:
                throw new UnreachableException();
        }
    }
}
