using Tandem.Learning.Inputs;
using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.TwoTower;

/// <summary>A tower over one block of rows, there and back: vectors forwards, gradients backwards.</summary>
internal sealed class TowerBlock
{
    /// <summary>Rows of a block in training: what one chunk of a step works on, a multiple of a strip's 32.</summary>
    public const int Rows = 256;

    /// <summary>ε, which softens the length of a vector, so that one that is almost zero is not torn about.</summary>
    private const float Softening = 0.01f;

    private readonly Tower _tower;
    private readonly Chain? _network;
    private readonly LayerPass _pass;
    private readonly RowBuffer _sums;
    private readonly float[] _lengths;

    /// <param name="tower">The parameters, shared with other blocks.</param>
    /// <param name="rowCapacity">Rows at most.</param>
    /// <param name="learns">True where gradients are asked for.</param>
    public TowerBlock(Tower tower, int rowCapacity, bool learns)
    {
        _tower = tower;
        _network = tower.MakeNetwork();
        _pass = new LayerPass(tower.Parameters, learns ? new float[tower.Parameters.Length] : []);
        _sums = new RowBuffer(tower.Factors);
        _lengths = new float[rowCapacity];
        Entries = new EntryRows(rowCapacity);
        Vectors = _sums;
        VectorSlopes = new RowBuffer(tower.Factors);
        SumSlopes = VectorSlopes;
    }

    /// <summary>What is known of each row: filled by the caller before <see cref="Forward"/>.</summary>
    public EntryRows Entries { get; }

    /// <summary>The rows' vectors.</summary>
    public RowBuffer Vectors { get; private set; }

    /// <summary>Gradients of the vectors: filled by the caller before <see cref="Backward"/>, which overwrites
    /// them.</summary>
    public RowBuffer VectorSlopes { get; }

    /// <summary>Gradients of the sums of embeddings.</summary>
    public RowBuffer SumSlopes { get; private set; }

    /// <summary>Gradients of the weights and biases.</summary>
    public float[] Gradients => _pass.Gradients;

    /// <summary>What a vector is divided by so that it has a length of almost 1: √(v·v + ε²).</summary>
    public static float LengthOf(ReadOnlySpan<float> vector) =>
        MathF.Sqrt(Kernel.Dot(vector, vector) + (Softening * Softening));

    /// <summary>Computes the vectors of the entries.</summary>
    public void Forward()
    {
        _tower.Table.GatherSums(Entries.Columns, Entries.Values, Entries.Starts, _sums);
        Vectors = _network?.Forward(_sums, _pass) ?? _sums;
        for (int row = 0; _tower.Normalises && row < Vectors.Count; row++)
        {
            _lengths[row] = LengthOf(Vectors.Row(row));
            Kernel.Scale(1 / _lengths[row], Vectors.Row(row));
        }
    }

    /// <summary>Computes the gradients from those of the vectors.</summary>
    /// <remarks>z = v / s with s = √(v·v + ε²): ∂v = (∂z − z·(z·∂z)) / s.</remarks>
    public void Backward()
    {
        for (int row = 0; _tower.Normalises && row < Vectors.Count; row++)
        {
            ReadOnlySpan<float> vector = Vectors.Row(row);
            Span<float> slopes = VectorSlopes.Row(row);
            Kernel.AddScaled(-Kernel.Dot(vector, slopes), vector, slopes);
            Kernel.Scale(1 / _lengths[row], slopes);
        }

        Array.Clear(Gradients);
        SumSlopes = _network?.Backward(VectorSlopes, _pass) ?? VectorSlopes;
    }
}
