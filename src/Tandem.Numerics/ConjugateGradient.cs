using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tandem.Numerics;

/// <summary>One regularised least-squares problem after another, each brought nearer to its solution by a few steps of
/// conjugate gradients: cheaper than <see cref="NormalEquations"/> where a good guess is known.</summary>
/// <remarks>Not thread safe: one a worker. Allocates nothing after construction. O((steps + 1)·(rows·size + size²)) a
/// problem. Hestenes and Stiefel, <em>Methods of Conjugate Gradients for Solving Linear Systems</em>, 1952; for
/// factorisation: Takács, Pilászy and Tikk, 2011.</remarks>
public sealed class ConjugateGradient
{
    /// <summary>Rows that are gathered at a time: with 64 numbers each they fill a quarter of the second cache.</summary>
    private const int BlockRows = 1024;

    private const int Unit = 16;

    private readonly int _padded;
    private readonly int _stride;
    private readonly Memory<byte> _rows;
    private readonly float[] _solution;
    private readonly float[] _residual;
    private readonly float[] _direction;
    private readonly float[] _scaled;
    private readonly float[] _image;

    /// <summary>First of the chosen rows that lie gathered; -1 for none.</summary>
    private int _packed;

    /// <summary>Makes a solver.</summary>
    /// <param name="size">Number of unknowns, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is below 1.</exception>
    public ConjugateGradient(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _padded = (size + Unit - 1) / Unit * Unit;

        // Rows a multiple of 4 KB apart would share the same few cache lines.
        _stride = _padded % 1024 == 0 ? _padded + Unit : _padded;
        _rows = AlignedBytes.Allocate((long)BlockRows * _stride * sizeof(float));
        _solution = new float[_padded];
        _residual = new float[_padded];
        _direction = new float[_padded];
        _scaled = new float[_padded];
        _image = new float[_padded];
    }

    /// <summary>Number of unknowns.</summary>
    public int Size { get; }

    /// <summary>Improves a solution s of (scale·start + ridge·I + Σ wᵢ·xᵢ·xᵢᵀ)·s = Σ wᵢ·xᵢ.</summary>
    /// <param name="start">Symmetric matrix, shape (size, size), without negative eigenvalues.</param>
    /// <param name="scale">Its factor, ≥ 0.</param>
    /// <param name="ridge">Added to the diagonal, above 0.</param>
    /// <param name="rows">Rows that x are chosen from, shape (any, size).</param>
    /// <param name="chosen">Which rows.</param>
    /// <param name="weights">wᵢ ≥ 0, one for each of them.</param>
    /// <param name="steps">Steps at most, ≥ 1.</param>
    /// <param name="solution">The guess, length <see cref="Size"/>; improved in place.</param>
    /// <returns>False where numbers overflow; the solution is then zero.</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public bool Improve(
        Matrix start, float scale, float ridge, Matrix rows, ReadOnlySpan<int> chosen, ReadOnlySpan<float> weights,
        int steps, Span<float> solution)
    {
        if (start.RowCount != Size || start.ColumnCount != Size || rows.ColumnCount != Size || solution.Length != Size
            || weights.Length != chosen.Length)
        {
            throw new ArgumentException($"Shapes do not fit a problem of size {Size}.", nameof(solution));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (chosen.ContainsAnyExceptInRange(0, rows.RowCount - 1))
        {
            throw new ArgumentException($"A chosen row lies outside 0 to {rows.RowCount - 1}.", nameof(chosen));
        }

        _packed = -1;
        solution.CopyTo(_solution);
        Apply(start, scale, ridge, rows, chosen, weights, target: 1, _solution, _residual);
        _residual.CopyTo(_direction.AsSpan());
        float squares = Dot(_residual, _residual);
        float enough = squares * 1e-12f;
        for (int step = 0; step < steps && squares > enough; step++)
        {
            Apply(start, scale, ridge, rows, chosen, weights, target: 0, _direction, _image);
            float length = -squares / Dot(_direction, _image);
            Kernel.AddScaled(length, _direction, _solution);
            Kernel.AddScaled(length, _image, _residual);
            float left = Dot(_residual, _residual);
            Kernel.Scale(left / squares, _direction);
            Kernel.AddScaled(1, _residual, _direction);
            squares = left;
        }

        if (!float.IsFinite(squares) || !float.IsFinite(Kernel.Sum(_solution)))
        {
            solution.Clear();
            return false;
        }

        _solution.AsSpan(0, Size).CopyTo(solution);
        return true;
    }

    /// <summary>image = target·Σ wᵢ·xᵢ − (scale·start + ridge·I + Σ wᵢ·xᵢ·xᵢᵀ)·x.</summary>
    private void Apply(
        Matrix start, float scale, float ridge, Matrix rows, ReadOnlySpan<int> chosen, ReadOnlySpan<float> weights,
        float target, float[] x, float[] image)
    {
        x.CopyTo(_scaled.AsSpan());
        Kernel.Scale(scale, _scaled);
        image.AsSpan().Clear();
        Kernel.AddScaled(-ridge, x, image);
        ref float into = ref MemoryMarshal.GetArrayDataReference(image);
        if (_padded == Size)
        {
            Kernel.SubtractRows(
                ref MemoryMarshal.GetArrayDataReference(start.Values), Size,
                ref MemoryMarshal.GetArrayDataReference(_scaled), 1, Size, ref into, Size);
        }
        else
        {
            for (int row = 0; row < Size; row++)
            {
                Kernel.AddScaled(-_scaled[row], start.Row(row), image.AsSpan(0, Size));
            }
        }

        ref float packed = ref Unsafe.As<byte, float>(ref MemoryMarshal.GetReference(_rows.Span));
        ref float from = ref MemoryMarshal.GetArrayDataReference(x);
        for (int first = 0; first < chosen.Length; first += BlockRows)
        {
            int count = Math.Min(BlockRows, chosen.Length - first);
            if (_packed == first)
            {
                Kernel.AddProjections(
                    ref packed, _stride, weights.Slice(first, count), target, ref from, ref into, _padded);
                continue;
            }

            _packed = first;
            Kernel.AddProjections(
                ref MemoryMarshal.GetArrayDataReference(rows.Values), chosen.Slice(first, count), ref packed, _stride,
                weights.Slice(first, count), target, ref from, ref into, Size, _padded);
        }
    }

    private static float Dot(float[] x, float[] y) => Kernel.Dot(x, y);
}
