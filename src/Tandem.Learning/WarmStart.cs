using Tandem.Numerics;

namespace Tandem.Learning;

/// <summary>A fitted model to go on from, instead of from chance: of other rows, with users and items numbered in its own
/// way.</summary>
/// <param name="Model">The model.</param>
/// <param name="Users">Its number of each user of the rows, −1 for those that it does not know.</param>
/// <param name="Items">Its number of each item of the rows, −1 for those that it does not know.</param>
/// <remarks>Kinds that learn by passes make the last quarter of them, at least one, with the step lengths of these. What the
/// earlier model does not know begins as it would without one.</remarks>
public sealed record WarmStart(IItemScorer Model, IReadOnlyList<int> Users, IReadOnlyList<int> Items)
{
    private const int Part = 4;

    /// <summary>Goes on from a model of the same users and items.</summary>
    /// <param name="model">The model.</param>
    /// <param name="userCount">Number of users.</param>
    public static WarmStart Of(IItemScorer model, int userCount)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new WarmStart(model, [.. Enumerable.Range(0, userCount)], [.. Enumerable.Range(0, model.ItemCount)]);
    }

    /// <summary>The first of so many passes that is made.</summary>
    internal static int FirstPass(int passes) => passes - Math.Max(1, passes / Part);

    /// <summary>Copies the rows of what both know.</summary>
    /// <param name="from">Rows of the earlier model.</param>
    /// <param name="numbers">Number of each row there, −1 for none.</param>
    /// <param name="to">Receives them.</param>
    internal static void Copy(Matrix from, IReadOnlyList<int> numbers, Matrix to)
    {
        for (int row = 0; row < to.RowCount; row++)
        {
            if (numbers[row] >= 0 && numbers[row] < from.RowCount)
            {
                from.Row(numbers[row]).CopyTo(to.Row(row));
            }
        }
    }
}
