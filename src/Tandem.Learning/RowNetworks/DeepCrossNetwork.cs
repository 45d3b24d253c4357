using Tandem.Learning.Inputs;
using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.RowNetworks;

/// <summary>The deep and cross network: standardised numbers, and for each field of categories and sparse columns the weighted
/// sum of their embeddings, go through layers of crosses and, beside them, through hidden layers with ReLU; every score is a
/// weighted sum of what both give. Several scores share all below.</summary>
/// <remarks>Paper: Wang and others, <em>DCN V2: Improved Deep &amp; Cross Network</em>, 2021.</remarks>
internal sealed class DeepCrossNetwork : IRowNetwork
{
    private readonly RowInputs _inputs;
    private readonly RowNetworkShape _shape;
    private readonly EntryRows _entries = new(RowNetworkModel.BlockRows);
    private readonly int[] _placeOfField;
    private readonly RowBuffer _input;
    private readonly RowBuffer _joined;
    private readonly RowBuffer _crossSlopes;
    private readonly RowBuffer _deepSlopes;
    private readonly CrossNetwork? _cross;
    private readonly Chain? _deep;
    private readonly Linear _head;

    /// <param name="inputs">What rows look like.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="layout">Where the parameters lie.</param>
    public DeepCrossNetwork(RowInputs inputs, RowNetworkShape shape, ParameterLayout layout)
    {
        _inputs = inputs;
        _shape = shape;
        IReadOnlyList<int> fields = inputs.CategoryFields();
        _placeOfField = new int[inputs.FieldCount];
        for (int i = 0; i < fields.Count; i++)
        {
            _placeOfField[fields[i]] = inputs.NumberCount + (i * shape.Factors);
        }

        int width = Math.Max(1, inputs.NumberCount + (fields.Count * shape.Factors));
        _input = new RowBuffer(width);

        // As long as it will ever be: rows that were added stay.
        _input.Resize(RowNetworkModel.BlockRows);
        _cross = shape.CrossLayers > 0 ? new CrossNetwork(layout, "cross", width, shape.CrossLayers) : null;
        _deep = shape.Layers > 0 ? DeepOf(width, shape, layout) : null;
        _crossSlopes = new RowBuffer(_cross is null && _deep is not null ? 0 : width);
        _deepSlopes = new RowBuffer(_deep?.OutputWidth ?? 0);
        _joined = new RowBuffer(_crossSlopes.Width + _deepSlopes.Width);
        _head = new Linear(layout, "head", _joined.Width, shape.OutputCount);
        IdGradients = new RowBuffer(shape.Factors);
    }

    public int OutputCount => _shape.OutputCount;

    public int TableWidth => _shape.Factors;

    public ReadOnlySpan<int> Ids => _entries.Columns;

    public RowBuffer IdGradients { get; }

    public EmbeddingTable DrawTable(ulong seed) =>
        new(_inputs.Count, TableWidth, 1 / Math.Sqrt(TableWidth), seed, stream: 0xDC);

    public void Clear()
    {
        _entries.Clear();
        _input.Resize(0);
    }

    public void Add(in FeatureRows rows, int row)
    {
        _inputs.AddTo(_entries, in rows, row, hasNumbers: false);
        _entries.EndRow();
        _input.Resize(_entries.RowCount);
        _inputs.WriteNumbers(_input.Row(_entries.RowCount - 1), in rows, row);
    }

    public RowBuffer Forward(EmbeddingTable table, LayerPass pass)
    {
        for (int row = 0; row < _entries.RowCount; row++)
        {
            _input.Row(row)[_inputs.NumberCount..].Clear();
            ReadOnlySpan<int> ids = _entries.ColumnsOf(row);
            ReadOnlySpan<float> values = _entries.ValuesOf(row);
            for (int i = 0; i < ids.Length; i++)
            {
                Kernel.AddScaled(values[i], table.Rows.Row(ids[i]), PartOf(_input, row, ids[i]));
            }
        }

        _joined.Resize(_input.Count);
        if (_crossSlopes.Width > 0)
        {
            Copy(_cross?.Forward(_input, pass) ?? _input, _joined, 0, isJoining: true);
        }

        if (_deep is not null)
        {
            Copy(_deep.Forward(_input, pass), _joined, _crossSlopes.Width, isJoining: true);
        }

        return _head.Forward(_joined, pass);
    }

    public void Backward(RowBuffer slopes, EmbeddingTable table, LayerPass pass)
    {
        RowBuffer joined = _head.Backward(slopes, pass);
        RowBuffer? down = null;
        if (_crossSlopes.Width > 0)
        {
            Copy(_crossSlopes, joined, 0, isJoining: false);
            down = _cross?.Backward(_crossSlopes, pass) ?? _crossSlopes;
        }

        if (_deep is not null)
        {
            Copy(_deepSlopes, joined, _crossSlopes.Width, isJoining: false);
            RowBuffer deep = _deep.Backward(_deepSlopes, pass);
            if (down is not null)
            {
                Kernel.AddScaled(1, down.Values, deep.Values);
            }

            down = deep;
        }

        IdGradients.Resize(_entries.Count);
        IdGradients.Values.Clear();
        for (int row = 0; row < _entries.RowCount; row++)
        {
            for (int i = _entries.Starts[row]; i < _entries.Starts[row + 1]; i++)
            {
                Kernel.AddScaled(_entries.Values[i], PartOf(down!, row, _entries.Columns[i]), IdGradients.Row(i));
            }
        }
    }

    private static Chain DeepOf(int width, RowNetworkShape shape, ParameterLayout layout)
    {
        List<ILayer> layers = [];
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            int below = layer == 0 ? width : shape.Hidden;

            // Weights drawn for rectified inputs: He and others, 2015.
            layers.Add(new Linear(layout, string.Create(null, $"deep.{layer}"), below, shape.Hidden, Math.Sqrt(2.0 / below)));
            layers.Add(new Activation(ActivationFunction.Relu, shape.Hidden));
            layers.Add(new Dropout(shape.Dropout, shape.Hidden, layer));
        }

        return new Chain([.. layers]);
    }

    /// <summary>The place of an input's field in a row.</summary>
    private Span<float> PartOf(RowBuffer rows, int row, int input) =>
        rows.Row(row).Slice(_placeOfField[_inputs.FieldOf(input)], TableWidth);

    /// <summary>Copies rows to their place in wider ones, or back.</summary>
    private static void Copy(RowBuffer part, RowBuffer wide, int place, bool isJoining)
    {
        part.Resize(wide.Count);
        for (int row = 0; row < wide.Count; row++)
        {
            Span<float> own = wide.Row(row).Slice(place, part.Width);
            if (isJoining)
            {
                part.Row(row).CopyTo(own);
            }
            else
            {
                own.CopyTo(part.Row(row));
            }
        }
    }
}
