using Tandem.Learning.Inputs;

namespace Tandem.Learning.TwoTower;

/// <summary>Which row of a tower's table each thing known has: an id, an item of the history, a sparse column, a dense
/// number. One code for training and answering.</summary>
/// <param name="IdCount">Ids; 0 where they are no input.</param>
/// <param name="HistoryCount">Items that a history may name; 0 where it is no input.</param>
/// <param name="SparseCount">Sparse columns of the attributes.</param>
/// <param name="DenseCount">Dense numbers of the attributes.</param>
/// <param name="HistorySparse">Sparse columns of the attributes of a history's items; 0 where they are no input.</param>
/// <param name="HistoryDense">Dense numbers of the same.</param>
/// <param name="HasConstant">True where a constant stands beside the attributes.</param>
internal readonly record struct TowerInputs(
    int IdCount, int HistoryCount, int SparseCount, int DenseCount, int HistorySparse, int HistoryDense, bool HasConstant)
{
    /// <summary>Rows of the table.</summary>
    public int Count => checked(Constant + (HasConstant ? 1 : 0));

    /// <summary>First row of the attributes.</summary>
    public int FirstAttribute => checked(IdCount + HistoryCount);

    /// <summary>How many attributes of each sort there are.</summary>
    public (int Sparse, int Dense, int HistorySparse, int HistoryDense) Attributes =>
        (SparseCount, DenseCount, HistorySparse, HistoryDense);

    /// <summary>True where towers of the settings need a constant: hidden layers have one in their biases. It is what somebody
    /// shares with all whose attributes are known, for one whose are not.</summary>
    public static bool NeedsConstant(TwoTowerOptions options, AttributeRows attributes) =>
        options.Layers == 0 && !attributes.IsNone;

    /// <summary>True where a history's items are read by their attributes too.</summary>
    public bool ReadsHistoryAttributes => HistorySparse + HistoryDense > 0;

    /// <summary>The last row, where there is a constant.</summary>
    private int Constant => checked(FirstHistoryAttribute + HistorySparse + HistoryDense);

    private int FirstHistoryAttribute => checked(FirstAttribute + SparseCount + DenseCount);

    /// <summary>Adds an id, where ids are an input and it is one of them.</summary>
    public void AddId(int id, EntryRows entries)
    {
        if ((uint)id < (uint)IdCount)
        {
            entries.Add(id, 1);
        }
    }

    /// <summary>Adds one item of a history.</summary>
    public void AddHistory(int item, float weight, EntryRows entries)
    {
        if ((uint)item < (uint)HistoryCount)
        {
            entries.Add(IdCount + item, weight);
        }
    }

    /// <summary>Adds the attributes of one item of a history.</summary>
    public void AddHistoryAttributes(in FeatureRows rows, int row, float weight, EntryRows entries) =>
        Add(rows, row, FirstHistoryAttribute, HistorySparse, HistoryDense, weight, entries);

    /// <summary>Adds a row of attributes, and the constant; dense zeros add nothing.</summary>
    public void AddAttributes(in FeatureRows rows, int row, EntryRows entries)
    {
        Add(rows, row, FirstAttribute, SparseCount, DenseCount, weight: 1, entries);
        if (HasConstant && rows.Count > 0)
        {
            entries.Add(Constant, 1);
        }
    }

    private static void Add(
        in FeatureRows rows, int row, int first, int sparseCount, int denseCount, float weight, EntryRows entries)
    {
        if (rows.Count == 0 || sparseCount + denseCount == 0)
        {
            return;
        }

        for (int at = rows.Starts.IsEmpty ? 0 : rows.Starts[row]; !rows.Starts.IsEmpty && at < rows.Starts[row + 1]; at++)
        {
            entries.Add(first + rows.Columns[at], weight * rows.Values[at]);
        }

        ReadOnlySpan<float> dense = rows.Dense.Slice(row * denseCount, denseCount);
        for (int i = 0; i < dense.Length; i++)
        {
            if (dense[i] != 0)
            {
                entries.Add(first + sparseCount + i, weight * dense[i]);
            }
        }
    }
}
