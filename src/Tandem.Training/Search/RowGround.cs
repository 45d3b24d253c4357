using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training.Search;

/// <summary>Models of rows, tried on parts of the rows to learn from.</summary>
/// <typeparam name="TFold">A part with rows to fit on, encoded as models read them.</typeparam>
/// <param name="split">How the parts were made, in words.</param>
/// <param name="folds">The parts; no row outside them is fitted or judged on.</param>
/// <param name="target">What a label says.</param>
/// <param name="labels">Labels of all rows.</param>
/// <param name="groups">Group of each row, which a share takes whole; empty where rows stand alone.</param>
/// <param name="make">Makes a part ready.</param>
/// <param name="score">Fits a setting on each part, and scores the rows that judge it; the text says what is done.</param>
internal sealed class RowGround<TFold>(
    string split, IReadOnlyList<RowFold> folds, RowTarget target, float[] labels, int[] groups, Func<RowFold, TFold> make,
    Func<ModelChoiceSpec, IReadOnlyList<TFold>, string, CancellationToken, RowScores> score) : ISearchGround
{
    // Enough of a class of one row in a hundred to tell settings apart.
    private const int FewestRows = 5000;

    private readonly float[] _classes = RowFolds.ClassesOf(target, labels);
    private (double Share, IReadOnlyList<TFold> Folds)? _last;

    public required string Metric { get; init; }

    /// <summary>Intervals, seed and threads.</summary>
    public required EvaluationOptions Judging { get; init; }

    public bool LowerIsBetter => RowEvaluation.Find(Metric, target.Kind).LowerIsBetter;

    public string Split => split;

    public int Count => folds.Max(static fold => fold.Train.Length + fold.Test.Length);

    public int Fewest => FewestRows;

    /// <summary>The numbers that models read, shape (rows, features).</summary>
    public required float[] Values { get; init; }

    public void AddTo(IncrementalHash hash)
    {
        hash.AppendData(MemoryMarshal.AsBytes<float>(labels));
        hash.AppendData(MemoryMarshal.AsBytes<float>(Values));
        foreach (RowFold fold in folds)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>(fold.Train));
            hash.AppendData(MemoryMarshal.AsBytes<int>(fold.Test));
        }
    }

    public ModelEvaluation Judge(
        string name, ModelChoiceSpec choice, double share, string step, CancellationToken cancellationToken)
    {
        if (_last is not { } last || last.Share != share)
        {
            _last = last = (
                share, [.. folds.Select(fold => make(new RowFold(Some(fold.Train, share), Some(fold.Test, share))))]);
        }

        return RowEvaluation.Run(
            name, score(choice, last.Folds, step, cancellationToken), Judging with { Metrics = [Metric] },
            cancellationToken: cancellationToken);
    }

    /// <summary>A share of rows: of each class as many as its share, or whole groups.</summary>
    private int[] Some(int[] rows, double share)
    {
        if (share >= 1)
        {
            return rows;
        }

        RowFold drawn = groups.Length > 0
            ? RowFolds.RandomGroups(Array.ConvertAll(rows, row => groups[row]), share, 1, Judging.Seed)[0]
            : RowFolds.Random(Array.ConvertAll(rows, row => _classes[row]), share, 1, Judging.Seed)[0];
        return Array.ConvertAll(drawn.Test, index => rows[index]);
    }
}
