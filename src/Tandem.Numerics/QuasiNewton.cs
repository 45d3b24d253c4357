namespace Tandem.Numerics;

/// <summary>Finds the least value of a smooth function by limited-memory BFGS: steps along the gradient, bent by what the
/// last steps showed of its curvature.</summary>
/// <remarks>D. C. Liu and J. Nocedal, <em>On the limited memory BFGS method for large scale optimization</em>, 1989, with a
/// backtracking line search (Armijo). Deterministic where the function is. O(memory · n) an iteration beside the function.
/// For convex functions; of others it finds some low point.</remarks>
public static class QuasiNewton
{
    private const int Memory = 10;
    private const double SufficientDecrease = 1e-4;
    private const int MostHalvings = 50;

    /// <summary>A function with its gradient.</summary>
    /// <param name="point">Where, length n.</param>
    /// <param name="gradient">Receives the gradient, length n; overwritten.</param>
    /// <returns>The function's value.</returns>
    public delegate double Objective(ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>Minimises.</summary>
    /// <param name="objective">The function.</param>
    /// <param name="point">Where to begin; receives the best point found.</param>
    /// <param name="maximumIterations">Steps at most, ≥ 0.</param>
    /// <param name="tolerance">Largest element of the gradient, as a magnitude, at which to stop, ≥ 0.</param>
    /// <param name="progress">Receives the number of steps done, or null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The value at the point, and the steps taken.</returns>
    public static (double Value, int Iterations) Minimise(
        Objective objective, double[] point, int maximumIterations, double tolerance, Action<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(point);
        Curvature curvature = new(point.Length);
        double[] gradient = new double[point.Length];
        double[] direction = new double[point.Length];
        double[] next = new double[point.Length];
        double[] nextGradient = new double[point.Length];
        double value = objective(point, gradient);
        for (int iteration = 0; iteration < maximumIterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Largest(gradient) <= tolerance)
            {
                return (value, iteration);
            }

            curvature.Descend(gradient, direction);
            double slope = Dot(gradient, direction);
            double step = iteration == 0 ? 1 / Math.Max(1, Math.Sqrt(-slope)) : 1;
            if (!TrySearch(objective, point, direction, value, slope, step, next, nextGradient, out double nextValue))
            {
                return (value, iteration);
            }

            curvature.Learn(point, gradient, next, nextGradient);
            next.CopyTo(point, 0);
            nextGradient.CopyTo(gradient, 0);
            value = nextValue;
            progress?.Invoke(iteration + 1);
        }

        return (value, maximumIterations);
    }

    /// <summary>Halves the step until the function falls as far as its slope lets expect; false where rounding leaves
    /// nothing to gain.</summary>
    private static bool TrySearch(
        Objective objective, double[] point, double[] direction, double value, double slope, double step,
        double[] next, double[] nextGradient, out double nextValue)
    {
        for (int halving = 0; halving < MostHalvings; halving++, step /= 2)
        {
            for (int i = 0; i < point.Length; i++)
            {
                next[i] = point[i] + (step * direction[i]);
            }

            nextValue = objective(next, nextGradient);
            if (nextValue <= value + (SufficientDecrease * step * slope) && nextValue < value)
            {
                return true;
            }
        }

        nextValue = value;
        return false;
    }

    private static double Largest(double[] x)
    {
        double largest = 0;
        foreach (double element in x)
        {
            largest = Math.Max(largest, Math.Abs(element));
        }

        return largest;
    }

    private static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>What the last steps showed: sₖ = how far, yₖ = how the gradient changed.</summary>
    private sealed class Curvature(int length)
    {
        private readonly List<(double[] S, double[] Y, double Rho)> _pairs = [];
        private readonly double[] _alphas = new double[Memory];

        public void Learn(double[] from, double[] fromGradient, double[] to, double[] toGradient)
        {
            (double[] s, double[] y) = _pairs.Count < Memory
                ? (new double[length], new double[length])
                : (_pairs[0].S, _pairs[0].Y);
            for (int i = 0; i < length; i++)
            {
                s[i] = to[i] - from[i];
                y[i] = toGradient[i] - fromGradient[i];
            }

            double curve = Dot(s, y);
            if (_pairs.Count == Memory)
            {
                _pairs.RemoveAt(0);
            }

            // Along a line without curvature there is nothing to learn.
            if (curve > 1e-12 * Dot(y, y))
            {
                _pairs.Add((s, y, 1 / curve));
            }
        }

        /// <summary>direction ← −H·gradient, by the two loops of the paper.</summary>
        public void Descend(double[] gradient, double[] direction)
        {
            for (int i = 0; i < length; i++)
            {
                direction[i] = -gradient[i];
            }

            for (int k = _pairs.Count - 1; k >= 0; k--)
            {
                (double[] s, double[] y, double rho) = _pairs[k];
                _alphas[k] = rho * Dot(s, direction);
                Add(-_alphas[k], y, direction);
            }

            if (_pairs.Count > 0)
            {
                (_, double[] y, double rho) = _pairs[^1];
                double scale = 1 / (rho * Dot(y, y));
                for (int i = 0; i < length; i++)
                {
                    direction[i] *= scale;
                }
            }

            for (int k = 0; k < _pairs.Count; k++)
            {
                (double[] s, double[] y, double rho) = _pairs[k];
                Add(_alphas[k] - (rho * Dot(y, direction)), s, direction);
            }
        }

        private static void Add(double a, double[] x, double[] y)
        {
            for (int i = 0; i < x.Length; i++)
            {
                y[i] += a * x[i];
            }
        }
    }
}
