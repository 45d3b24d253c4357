namespace Tandem.Learning.Tests.Constant;

public sealed class ConstantModelTests
{
    private static readonly Dictionary<string, double> NoParameters = new(StringComparer.Ordinal);

    public static TheoryData<RowTargetKind, float[], double[]> Cases => new()
    {
        { RowTargetKind.Binary, [1, 0, 0, 0, 0], [Math.Log(0.2 / 0.8)] },
        { RowTargetKind.Multiclass, [0, 2, 2, 2, 0], [Math.Log(0.4), Math.Log(0.1), Math.Log(0.6)] },
        { RowTargetKind.Multilabel, [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], [Math.Log(0.4 / 0.6), Math.Log(0.1 / 0.9), Math.Log(0.2 / 0.8)] },
        { RowTargetKind.Number, [1, 2, 3, 4, -5], [1] },
        { RowTargetKind.Count, [0, 0, 1, 4, 0], [0] },
        { RowTargetKind.Count, [0, 0, 0, 0, 0], [Math.Log(0.1)] },
        { RowTargetKind.Quantile, [50, 10, 40, 20, 30], [10, 30, 50] },
        { RowTargetKind.Order, [4, 0, 2, 1, 1], [0] },
    };

    /// <summary>By hand: five rows.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_SaysTheLeastPointOfTheTargetsLoss_AndKeepsItInItsFile(RowTargetKind kind, float[] labels, double[] expected)
    {
        RowModelKind constant = ModelCatalogue.Default.FindRows("constant");
        LabelledRows rows = new()
        {
            DenseCount = 1,
            SparseCount = 2,
            Dense = [float.NaN, 1, 2, 3, 4],
            Starts = new int[6],
            Columns = [],
            Values = [],
            Target = new RowTarget(kind)
            {
                Classes = kind is RowTargetKind.Multiclass or RowTargetKind.Multilabel ? 3 : 0,
                Quantiles = kind == RowTargetKind.Quantile ? [0.1, 0.5, 0.9] : [],
            },
            Labels = kind == RowTargetKind.Multilabel ? Transpose(labels) : labels,
        };

        IRowScorer model = constant.Fit(rows, NoParameters, new FitContext(), CancellationToken.None);
        IRowScorer loaded = constant.Load(new MemoryStream(SmallWorld.Save(model)));

        Assert.Equal(rows.Target.Kind, loaded.Target.Kind);
        Assert.Equal((1, 2), (loaded.DenseCount, loaded.SparseCount));
        float[] scores = new float[5 * rows.Target.OutputCount];
        loaded.ScoreRows(rows.Features, scores);
        Assert.Equal(
            Enumerable.Range(0, 5).SelectMany(_ => expected).Select(static each => (float)each), scores,
            static (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    // Written head by head: rows stand in between.
    private static float[] Transpose(float[] heads) =>
        [.. Enumerable.Range(0, 5).SelectMany(row => Enumerable.Range(0, 3).Select(head => heads[(head * 5) + row]))];
}
