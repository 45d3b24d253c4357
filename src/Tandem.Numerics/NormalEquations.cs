using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tandem.Numerics;

/// <summary>One regularised least-squares problem after another: accumulates A and b, then solves A·s = b by
/// Cholesky.</summary>
/// <remarks>Not thread safe: one a worker. Allocates nothing after construction. O(rows·size² + size³/3) a
/// problem.</remarks>
public sealed class NormalEquations
{
    private readonly SymmetricSum _sum;
    private readonly float[] _right;
    private readonly float[] _inverseDiagonal;
    private readonly float[] _nothing;

    /// <summary>Makes an empty problem.</summary>
    /// <param name="size">Number of unknowns, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is below 1.</exception>
    public NormalEquations(int size)
    {
        _sum = new SymmetricSum(size);
        _right = new float[_sum.PaddedSize];
        _inverseDiagonal = new float[_sum.PaddedSize];
        _nothing = new float[_sum.PaddedSize];
    }

    /// <summary>Number of unknowns.</summary>
    public int Size => _sum.Size;

    /// <summary>Starts a problem: A = scale·start + ridge·I, b = 0.</summary>
    /// <param name="start">Symmetric matrix, shape (size, size).</param>
    /// <param name="scale">Its factor.</param>
    /// <param name="ridge">Added to the diagonal, > 0 keeps the problem solvable.</param>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public void Reset(Matrix start, float scale, float ridge)
    {
        _sum.Reset(start, scale, ridge);
        _right.AsSpan().Clear();
    }

    /// <summary>Adds one observation with target 1: A ← A + w·x·xᵀ, b ← b + w·x.</summary>
    /// <param name="x">Vector, length <see cref="Size"/>.</param>
    /// <param name="weight">w, ≥ 0.</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    public void Add(ReadOnlySpan<float> x, float weight)
    {
        _sum.Add(x, weight);
        Kernel.AddScaled(weight, x, _right.AsSpan(0, Size));
    }

    /// <summary>Adds observations with target 1: A ← A + Σ wᵢ·xᵢ·xᵢᵀ, b ← b + Σ wᵢ·xᵢ.</summary>
    /// <param name="rows">Rows that x are chosen from, shape (any, size).</param>
    /// <param name="chosen">Which rows.</param>
    /// <param name="weights">wᵢ ≥ 0, one for each of them.</param>
    /// <exception cref="ArgumentException">A shape does not fit, or a row is not there.</exception>
    public void Add(Matrix rows, ReadOnlySpan<int> chosen, ReadOnlySpan<float> weights)
    {
        if (rows.ColumnCount != Size || weights.Length != chosen.Length
            || chosen.ContainsAnyExceptInRange(0, rows.RowCount - 1))
        {
            throw new ArgumentException(
                $"Rows, numbers and weights do not fit a problem of size {Size}.", nameof(chosen));
        }

        _sum.Add(rows, chosen, weights, _right, _nothing);
    }

    /// <summary>Solves the problem; afterwards it must be started anew.</summary>
    /// <param name="solution">Receives s, length <see cref="Size"/>.</param>
    /// <returns>False where A is not positive definite; the solution is then zero.</returns>
    public bool Solve(Span<float> solution)
    {
        _sum.Flush();
        if (!Factor())
        {
            solution.Clear();
            return false;
        }

        SolveForward();
        SolveBackward();
        _right.AsSpan(0, Size).CopyTo(solution);
        return true;
    }

    /// <summary>A = UᵀU in place, 32 rows at a time: what earlier rows explain is subtracted by the fast tile, the rest
    /// row by row.</summary>
    private bool Factor()
    {
        ref float a = ref MemoryMarshal.GetArrayDataReference(_sum.Values);
        int size = _sum.PaddedSize;
        int stride = _sum.Stride;
        for (int first = 0; first < size; first += RankUpdate.Block)
        {
            int end = first + RankUpdate.Block;
            RankUpdate.Apply(ref a, stride, first, ref a, stride, first, end, size, sign: -1);
            for (int row = first; row < end; row++)
            {
                // Whole vectors only: what lies left of the diagonal is never read.
                int from = row / 16 * 16;
                ref float target = ref Unsafe.Add(ref a, (row * stride) + from);
                ref float above = ref Unsafe.Add(ref a, first * stride);
                Kernel.SubtractRows(
                    ref Unsafe.Add(ref above, from), stride, ref Unsafe.Add(ref above, row), stride, row - first,
                    ref target,
                    size - from);

                float pivot = Unsafe.Add(ref a, (row * stride) + row);
                if (!(pivot > 0 && pivot < float.PositiveInfinity))
                {
                    return false;
                }

                _inverseDiagonal[row] = 1 / MathF.Sqrt(pivot);
                Kernel.Scale(_inverseDiagonal[row], MemoryMarshal.CreateSpan(ref target, size - from));
            }
        }

        return true;
    }

    /// <summary>Uᵀz = b, 32 unknowns at a time; what is solved is taken out of all later ones at once.</summary>
    private void SolveForward()
    {
        ref float a = ref MemoryMarshal.GetArrayDataReference(_sum.Values);
        ref float right = ref MemoryMarshal.GetArrayDataReference(_right);
        int size = _sum.PaddedSize;
        int stride = _sum.Stride;
        for (int first = 0; first < size; first += RankUpdate.Block)
        {
            int end = first + RankUpdate.Block;
            for (int row = first; row < end; row++)
            {
                _right[row] *= _inverseDiagonal[row];
                Kernel.AddScaled(
                    -_right[row], ref Unsafe.Add(ref a, (row * stride) + row + 1), ref Unsafe.Add(ref right, row + 1),
                    (nuint)(end - row - 1));
            }

            Kernel.SubtractRows(
                ref Unsafe.Add(ref a, (first * stride) + end), stride, ref Unsafe.Add(ref right, first), 1,
                RankUpdate.Block,
                ref Unsafe.Add(ref right, end), size - end);
        }
    }

    /// <summary>Us = z, from the last unknown to the first.</summary>
    private void SolveBackward()
    {
        int size = _sum.PaddedSize;
        for (int row = size - 1; row >= 0; row--)
        {
            float known = Kernel.Dot(
                _sum.Values.AsSpan((row * _sum.Stride) + row + 1, size - row - 1), _right.AsSpan(row + 1));
            _right[row] = (_right[row] - known) * _inverseDiagonal[row];
        }
    }
}
