using Tandem.Learning.Inputs;

namespace Tandem.Learning.Tests.Inputs;

public sealed class RowInputsTests
{
    private static readonly LabelledRows Rows = new()
    {
        DenseCount = 3,
        SparseCount = 2,
        Categories = [0, 2, 0],
        Fields = [4, 0, 4, 1, 1],
        Dense = [1, 0, 7, 3, 1, 7, float.NaN, 2, 7, 5, float.NaN, 7],
        Starts = [0, 1, 1, 3, 3],
        Columns = [1, 0, 1],
        Values = [0.5f, 2, 3],
        Labels = [0, 1, 0, 1],
    };

    // The first column's values are 1, 3 and 5: mean 3, deviation √(8/3). The third never changes.
    private static readonly float Step = 2 * (float)(1 / Math.Sqrt(8 / 3.0));

    [Fact]
    public void AddTo_StandardisesNumbersAndNumbersCategories()
    {
        var inputs = RowInputs.Of(Rows);

        Assert.Equal(9, inputs.Count);
        Assert.Equal(5, inputs.FieldCount);
        Assert.Equal([(0, -Step), (2, 1), (8, 0.5f)], Entries(inputs, 0));
        Assert.Equal([(3, 1f)], Entries(inputs, 1));
        Assert.Equal([(1, 1f), (4, 1), (7, 2), (8, 3)], Entries(inputs, 2));
        Assert.Equal([(0, Step), (4, 1f)], Entries(inputs, 3));
        Assert.Equal([4, 4, 0, 0, 0, 4, 4, 1, 1], Enumerable.Range(0, 9).Select(inputs.FieldOf));
    }

    [Fact]
    public void WriteNumbers_GivesValuesAndWhatIsMissing()
    {
        var inputs = RowInputs.Of(Rows);
        float[] numbers = new float[inputs.NumberCount];

        inputs.WriteNumbers(numbers, Rows.Features, 3);
        Assert.Equal([Step, 0, 0], numbers);
        inputs.WriteNumbers(numbers, Rows.Features, 2);
        Assert.Equal([0f, 1, 0], numbers);
        Assert.Equal([0, 1], inputs.CategoryFields());
    }

    [Fact]
    public void FieldOf_WhereNoneAreGiven_IsTheDenseColumnOrOneForAllSparseOnes()
    {
        var inputs = RowInputs.AsTheyAre(denseCount: 2, sparseCount: 3);

        Assert.Equal([0, 0, 1, 1, 2, 2, 2], Enumerable.Range(0, inputs.Count).Select(inputs.FieldOf));
        Assert.Equal(3, inputs.FieldCount);
    }

    private static (int, float)[] Entries(RowInputs inputs, int row)
    {
        EntryRows entries = new(4);
        inputs.AddTo(entries, Rows.Features, row);
        return [.. entries.Columns.ToArray().Zip(entries.Values.ToArray())];
    }
}
