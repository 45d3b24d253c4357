using Tandem.Learning.Files;

namespace Tandem.Learning.Constant;

/// <summary>Says the same of every row. Kind <c>constant</c>.</summary>
internal sealed class ConstantModel : IRowScorer
{
    public const string KindName = "constant";

    private readonly float[] _scores;

    public ConstantModel(int denseCount, int sparseCount, RowTarget target, float[] scores)
    {
        DenseCount = denseCount;
        SparseCount = sparseCount;
        Target = target;
        _scores = scores;
    }

    public string Kind => KindName;

    public int DenseCount { get; }

    public int SparseCount { get; }

    public RowTarget Target { get; }

    public void ScoreRows(in FeatureRows rows, Span<float> scores)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            _scores.CopyTo(scores[(row * _scores.Length)..]);
        }
    }

    public void Save(Stream target) => ModelFile.Write(
        target, KindName,
        [
            new("dense", DenseCount), new("sparse", SparseCount), new("target", (int)Target.Kind),
            new("classes", Target.Classes), new("quantiles", Target.Quantiles.Count),
        ],
        new ModelArray("scores", _scores),
        new ModelArray("quantiles", [.. Target.Quantiles.Select(static each => (float)each)]));

    public static ConstantModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        var kind = (RowTargetKind)content.Count("target");
        RowTarget target = new(kind)
        {
            Classes = content.Count("classes"),
            Quantiles = [.. content.Floats("quantiles", content.Count("quantiles")).Select(static each => (double)each)],
        };
        return Enum.IsDefined(kind)
            ? new ConstantModel(
                content.Count("dense"), content.Count("sparse"), target, content.Floats("scores", target.OutputCount))
            : throw ModelContent.Damaged($"there is no target {(int)kind}");
    }
}
