using Tandem.Learning.Files;
using Tandem.Learning.Inputs;
using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.RowNetworks;

/// <summary>A fitted network over rows of features. Kinds <c>fm</c>, <c>ffm</c> and <c>dcn</c>.</summary>
internal sealed class RowNetworkModel : IRowScorer
{
    /// <summary>Rows of a block.</summary>
    public const int BlockRows = 64;

    private readonly RowInputs _inputs;
    private readonly RowNetworkShape _shape;
    private readonly EmbeddingTable _table;
    private readonly float[] _parameters;
    private readonly RowScale _scale;
    private readonly ScratchPool<Scratch> _scratches;

    public RowNetworkModel(
        RowInputs inputs, RowNetworkShape shape, RowTarget target, RowScale scale, EmbeddingTable table,
        float[] parameters)
    {
        _inputs = inputs;
        _shape = shape;
        _table = table;
        _parameters = parameters;
        _scale = scale;
        Target = target;
        _scratches = new ScratchPool<Scratch>(() => new Scratch(
            shape.Create(inputs, new ParameterLayout()), new LayerPass(parameters, [])));
    }

    /// <inheritdoc/>
    public string Kind => _shape.Kind;

    /// <inheritdoc/>
    public int DenseCount => _inputs.DenseCount;

    /// <inheritdoc/>
    public int SparseCount => _inputs.SparseCount;

    /// <inheritdoc/>
    public RowTarget Target { get; }

    /// <inheritdoc/>
    /// <remarks>Blocks of 64 rows, by matrix products.</remarks>
    public void ScoreRows(in FeatureRows rows, Span<float> scores)
    {
        Scratch scratch = _scratches.Rent();
        for (int first = 0; first < rows.Count; first += BlockRows)
        {
            scratch.Network.Clear();
            int end = Math.Min(first + BlockRows, rows.Count);
            for (int row = first; row < end; row++)
            {
                scratch.Network.Add(in rows, row);
            }

            Span<float> own = scores.Slice(
                first * _shape.OutputCount, (end - first) * _shape.OutputCount);
            scratch.Network.Forward(_table, scratch.Pass).Values.CopyTo(own);
            Kernel.ScaleAndShift(_scale.Factor, _scale.Shift, own);
        }

        _scratches.Return(scratch);
    }

    /// <inheritdoc/>
    public void Save(Stream target) => ModelFile.Write(
        target,
        Kind,
        [
            new("dense", DenseCount),
            new("sparse", SparseCount),
            new("target", (int)Target.Kind),
            new("classes", Target.Classes),
            new("factors", _shape.Factors),
            new("cross_layers", _shape.CrossLayers),
            new("layers", _shape.Layers),
            new("hidden", _shape.Hidden),
            new("factor", _scale.Factor),
            new("shift", _scale.Shift),
        ],
        [.. _inputs.ToArrays(), new ModelArray("table", _table.Rows.Values), new ModelArray("network", _parameters)]);

    internal static RowNetworkModel Load(string kind, Stream source)
    {
        ModelContent content = ModelFile.Read(source, kind);
        var inputs = RowInputs.Load(content);
        var target = new RowTarget((RowTargetKind)content.Count("target")) { Classes = content.Count("classes") };
        RowNetworkShape shape = new(kind)
        {
            Factors = content.Count("factors"),
            CrossLayers = content.Count("cross_layers"),
            Layers = content.Count("layers"),
            Hidden = content.Count("hidden"),
            OutputCount = target.OutputCount,
        };
        RowScale scale = new((float)content.Setting("factor"), (float)content.Setting("shift"));
        if (!Enum.IsDefined(target.Kind) || target.OutputCount is 0 or > 1 << 20 || shape.Factors is 0 or > 4096
            || shape.CrossLayers > 64 || shape.Layers > 64 || shape.Hidden is 0 or > 1 << 16
            || !float.IsFinite(scale.Factor) || !float.IsFinite(scale.Shift))
        {
            throw ModelContent.Damaged("the sizes of the network do not fit together");
        }

        ParameterLayout layout = new();
        int width = shape.Create(inputs, layout).TableWidth;
        Matrix table = new(inputs.Count, width, content.Floats("table", (long)inputs.Count * width));
        return new RowNetworkModel(
            inputs, shape, target, scale, new EmbeddingTable(table), content.Floats("network", layout.Length));
    }

    /// <summary>What one question works with.</summary>
    private sealed record Scratch(IRowNetwork Network, LayerPass Pass);
}
