using Tandem.Learning.Catalogue;
using Tandem.Numerics;

namespace Tandem.Learning.Imbalance;

/// <summary>What a method for rare positives is given.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Rows">The rows, sound, labelled 1 or 0, both of which occur.</param>
/// <param name="Values">Its settings.</param>
/// <param name="Context">Seed and threads.</param>
/// <param name="Fit">Fits the model on some rows, for methods that look at it first.</param>
/// <param name="CancellationToken">Stops it.</param>
internal sealed record ImbalanceWork(
    string Method, LabelledRows Rows, ParameterValues Values, FitContext Context, Func<TrainingRows, IRowScorer> Fit,
    CancellationToken CancellationToken)
{
    // Not the stream that models draw from.
    private const ulong Stream = 0x1B;

    private RowCategories? _categories;

    /// <summary>What of the rows is a category.</summary>
    public RowCategories Categories => _categories ??= new RowCategories(Rows);

    /// <summary>Numbers of the rows labelled 1.</summary>
    public int[] Positives { get; } = Of(Rows, isPositive: true);

    /// <summary>Numbers of the rows labelled 0.</summary>
    public int[] Negatives { get; } = Of(Rows, isPositive: false);

    /// <summary>A stream of random numbers of its own.</summary>
    public SeededRandom Random() => new(Context.Seed, Stream);

    /// <summary>Positives that the share named <c>rate</c> asks for beside all negatives, less those there are; 0 where it is
    /// reached.</summary>
    public int MissingPositives()
    {
        double rate = Values.Number(ImbalanceMethods.Rate);
        double missing = Math.Round(rate / (1 - rate) * Negatives.Length) - Positives.Length;
        double rows = Rows.Count + missing;
        return rows * Math.Max(1, Rows.DenseCount) > Array.MaxLength
            ? throw new Faults.TandemException(LearningErrors.TooManyRows(Method, rows, Rows.DenseCount))
            : (int)Math.Max(0, missing);
    }

    private static int[] Of(LabelledRows rows, bool isPositive) =>
        [.. Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] > 0 == isPositive)];
}
