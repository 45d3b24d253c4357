using System.Globalization;
using Tandem.Learning.Files;
using Tandem.Numerics.Trees;

namespace Tandem.Learning.Trees;

/// <summary>Gradient-boosted decision trees: scores that are sums of what a row's leaves give. Kind
/// <c>boosted_trees</c>.</summary>
public sealed class BoostedTreesModel : IExplainedScorer
{
    internal const string KindName = "boosted_trees";

    private readonly Forest _forest;
    private readonly float[] _starts;
    private readonly ForestLayout _layout;
    private readonly ScratchPool<LaneScratch> _scratch;

    internal BoostedTreesModel(RowTarget target, int denseCount, int sparseCount, float[] starts, Forest forest)
    {
        Target = target;
        DenseCount = denseCount;
        SparseCount = sparseCount;
        _starts = starts;
        _forest = forest;
        _layout = new ForestLayout(forest, denseCount, sparseCount, target.OutputCount);
        _scratch = new ScratchPool<LaneScratch>(() => new LaneScratch(_layout.SlotCount));
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int DenseCount { get; }

    /// <inheritdoc/>
    public int SparseCount { get; }

    /// <inheritdoc/>
    public RowTarget Target { get; }

    /// <summary>Number of trees.</summary>
    public int TreeCount => _forest.TreeCount;

    /// <summary>What rows start from, one number a score.</summary>
    public ReadOnlySpan<float> Starts => _starts;

    /// <summary>Names of the columns as a file of LightGBM or XGBoost has them; empty where it has none, and of models that were
    /// fitted here.</summary>
    public IReadOnlyList<string> FeatureNames { get; internal init; } = [];

    internal Forest Trees => _forest;

    /// <summary>How far the splits by each column lowered the loss, summed; the sparse columns after the dense.</summary>
    /// <remarks>High for columns with many values even where they are of little use: see <see cref="Importance"/> for what
    /// shuffling them does.</remarks>
    public double[] Gains()
    {
        double[] gains = new double[DenseCount + SparseCount];
        for (int node = 0; node < _forest.Columns.Length; node++)
        {
            if (_forest.Columns[node] >= 0)
            {
                gains[_forest.Columns[node]] += _forest.Gains[node];
            }
        }

        return gains;
    }

    /// <inheritdoc/>
    /// <remarks>Sixteen rows at a time through all trees, see <see cref="LaneForest"/>. O(rows · splits), NaN in a dense
    /// column is a missing value. Quantiles come out in order: where trees put one above the next, the two are
    /// swapped.</remarks>
    public void ScoreRows(in FeatureRows rows, Span<float> scores)
    {
        LaneScratch scratch = _scratch.Rent();
        int outputs = _starts.Length;
        for (int row = 0; row < rows.Count; row += LaneForest.Lanes)
        {
            int count = Math.Min(LaneForest.Lanes, rows.Count - row);
            _layout.Fill(in rows, row, count, scratch.Values);
            for (int output = 0; output < outputs; output++)
            {
                scratch.Sums.AsSpan().Fill(_starts[output]);
                _layout.Add(output, count, scratch.Values, scratch.Sums);
                for (int lane = 0; lane < count; lane++)
                {
                    scores[((row + lane) * outputs) + output] = scratch.Sums[lane];
                }
            }

            if (Target.Kind == RowTargetKind.Quantile && outputs > 1)
            {
                for (int lane = 0; lane < count; lane++)
                {
                    scores.Slice((row + lane) * outputs, outputs).Sort();
                }
            }
        }

        _scratch.Return(scratch);
    }

    /// <inheritdoc/>
    /// <remarks>Exact Shapley values of the path-dependent game, see <see cref="TreeShap"/>; of quantiles those of the score
    /// before quantiles are put in order.</remarks>
    public void Explain(
        in FeatureRows rows, int row, IReadOnlyList<int> featureOfDense, IReadOnlyList<int> featureOfSparse,
        Span<double> added) => TreeShap.Explain(this, in rows, row, featureOfDense, featureOfSparse, added);

    /// <inheritdoc/>
    public void Save(Stream target)
    {
        List<KeyValuePair<string, double>> settings =
        [
            new("dense", DenseCount), new("sparse", SparseCount), new("target", (int)Target.Kind),
            new("classes", Target.Classes), new("quantiles", Target.Quantiles.Count), new("trees", _forest.TreeCount),
            new("nodes", _forest.Columns.Length),
        ];
        settings.AddRange(Target.Quantiles.Select(static (share, index) =>
            new KeyValuePair<string, double>(QuantileName(index), share)));
        ModelFile.Write(target, KindName, settings, [new ModelArray("starts", _starts), .. _forest.ToArrays()]);
    }

    internal static BoostedTreesModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        var kind = (RowTargetKind)content.Count("target");
        RowTarget target = new(Enum.IsDefined(kind) ? kind : throw ModelContent.Damaged("its target is unknown"))
        {
            Classes = content.Count("classes"),
            Quantiles = [.. Enumerable.Range(0, content.Count("quantiles")).Select(index => content.Setting(QuantileName(index)))],
        };
        int dense = content.Count("dense");
        int sparse = content.Count("sparse");
        return new BoostedTreesModel(
            target, dense, sparse, content.Floats("starts", target.OutputCount),
            Forest.Read(content, dense + sparse, target.OutputCount));
    }

    private static string QuantileName(int index) => string.Create(CultureInfo.InvariantCulture, $"quantile_{index}");
}
