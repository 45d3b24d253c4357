using Tandem.Learning.Inputs;
using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.RowNetworks;

/// <summary>A factorisation machine: b + Σ wᵢxᵢ + Σ ⟨vᵢ, vⱼ⟩·xᵢxⱼ over pairs of inputs; field-aware, ⟨vᵢ of j's field, vⱼ of i's
/// field⟩. The first has one field for all.</summary>
/// <remarks>A row of the table is w, then v for each field. With S[f][g] the sum of x·v of g over the inputs of field f, the
/// pairs come to Σ over f &lt; g of ⟨S[f][g], S[g][f]⟩ + ½ Σ over f of (|S[f][f]|² − Σ |x·v of f|²): O(inputs·fields·k +
/// fields²·k) a row, not O(inputs²·k). Papers: Rendle, <em>Factorization Machines</em>, 2010; Juan and others,
/// <em>Field-aware Factorization Machines for CTR Prediction</em>, 2016.</remarks>
internal sealed class FactorNetwork : IRowNetwork
{
    // Deviation of the first v, times √k.
    private const double FirstDeviation = 0.1;

    private readonly RowInputs _inputs;
    private readonly Parameter _bias;
    private readonly EntryRows _entries = new(RowNetworkModel.BlockRows);
    private readonly RowBuffer _output = new(1);
    private readonly float[] _sums;
    private readonly float[] _met;
    private readonly int _factors;
    private readonly int _fields;

    /// <param name="inputs">What rows look like.</param>
    /// <param name="isFieldAware">False for one field.</param>
    /// <param name="factors">k.</param>
    /// <param name="layout">Where the bias lies.</param>
    public FactorNetwork(RowInputs inputs, bool isFieldAware, int factors, ParameterLayout layout)
    {
        _inputs = inputs;
        _factors = factors;
        _fields = isFieldAware ? inputs.FieldCount : 1;
        _bias = layout.Take("bias", 1, 1);
        _sums = new float[_fields * _fields * factors];
        _met = new float[_fields * factors];
        IdGradients = new RowBuffer(TableWidth);
    }

    public int OutputCount => 1;

    public int TableWidth => 1 + (_fields * _factors);

    public ReadOnlySpan<int> Ids => _entries.Columns;

    public RowBuffer IdGradients { get; }

    public EmbeddingTable DrawTable(ulong seed)
    {
        EmbeddingTable table = new(_inputs.Count, TableWidth, FirstDeviation / Math.Sqrt(_factors), seed, stream: 0xFA);
        for (int input = 0; input < _inputs.Count; input++)
        {
            table.Rows.Row(input)[0] = 0;
        }

        return table;
    }

    public void Clear() => _entries.Clear();

    public void Add(in FeatureRows rows, int row)
    {
        _inputs.AddTo(_entries, in rows, row);
        _entries.EndRow();
    }

    public RowBuffer Forward(EmbeddingTable table, LayerPass pass)
    {
        _output.Resize(_entries.RowCount);
        float bias = _bias.In(pass.Parameters)[0];
        for (int row = 0; row < _entries.RowCount; row++)
        {
            _output.Values[row] = bias + Sum(table, row) + Pairs();
        }

        return _output;
    }

    /// <inheritdoc/>
    /// <remarks>With i of field f: ∂vᵢ of g = x·S[g][f], less x²·vᵢ of f where g = f.</remarks>
    public void Backward(RowBuffer slopes, EmbeddingTable table, LayerPass pass)
    {
        IdGradients.Resize(_entries.Count);
        ref float bias = ref _bias.In(pass.Gradients)[0];
        for (int row = 0; row < _entries.RowCount; row++)
        {
            float slope = slopes.Values[row];
            bias += slope;
            _ = Sum(table, row);
            ReadOnlySpan<int> ids = _entries.ColumnsOf(row);
            ReadOnlySpan<float> values = _entries.ValuesOf(row);
            int gatheredField = -1;
            for (int i = 0; i < ids.Length; i++)
            {
                int field = FieldOf(ids[i]);
                if (field != gatheredField)
                {
                    GatherMet(field);
                    gatheredField = field;
                }

                Span<float> gradient = IdGradients.Row(_entries.Starts[row] + i);
                gradient[0] = slope * values[i];
                Span<float> factors = gradient[1..];
                _met.CopyTo(factors);
                Kernel.AddScaled(
                    -values[i], Part(table.Rows.Row(ids[i])[1..], field), Part(factors, field));
                Kernel.Scale(slope * values[i], factors);
            }
        }
    }

    private int FieldOf(int input) => _fields == 1 ? 0 : _inputs.FieldOf(input);

    private Span<float> Part(Span<float> factors, int field) => factors.Slice(field * _factors, _factors);

    private Span<float> SumsOf(int field) => _sums.AsSpan(field * _fields * _factors, _fields * _factors);

    /// <summary>Fills S for a row; gives what is linear in S, and takes out the pairs of an input with itself.</summary>
    private float Sum(EmbeddingTable table, int row)
    {
        Array.Clear(_sums);
        ReadOnlySpan<int> ids = _entries.ColumnsOf(row);
        ReadOnlySpan<float> values = _entries.ValuesOf(row);
        float sum = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            Span<float> own = table.Rows.Row(ids[i]);
            int field = FieldOf(ids[i]);
            Kernel.AddScaled(values[i], own[1..], SumsOf(field));
            ReadOnlySpan<float> self = Part(own[1..], field);
            sum += (values[i] * own[0]) - (0.5f * values[i] * values[i] * Kernel.Dot(self, self));
        }

        return sum;
    }

    private float Pairs()
    {
        float sum = 0;
        for (int field = 0; field < _fields; field++)
        {
            Span<float> own = SumsOf(field);
            for (int other = 0; other < field; other++)
            {
                sum += Kernel.Dot(Part(own, other), Part(SumsOf(other), field));
            }

            sum += 0.5f * Kernel.Dot(Part(own, field), Part(own, field));
        }

        return sum;
    }

    /// <summary>What the inputs of a field meet: S[g][field] for all g.</summary>
    private void GatherMet(int field)
    {
        for (int other = 0; other < _fields; other++)
        {
            Part(SumsOf(other), field).CopyTo(Part(_met, other));
        }
    }
}
