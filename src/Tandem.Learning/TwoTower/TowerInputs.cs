namespace Tandem.Learning.TwoTower;

/// <summary>Which row of a tower's table each thing known has: an id, an item of the history, a sparse column, a dense
/// number. One code for training and answering.</summary>
/// <param name="IdCount">Ids; 0 where they are no input.</param>
/// <param name="HistoryCount">Items that a history may name; 0 where it is no input.</param>
/// <param name="SparseCount">Sparse columns of the attributes.</param>
/// <param name="DenseCount">Dense numbers of the attributes.</param>
internal readonly record struct TowerInputs(int IdCount, int HistoryCount, int SparseCount, int DenseCount)
{
    /// <summary>Rows of the table.</summary>
    public int Count => checked(IdCount + HistoryCount + SparseCount + DenseCount);

    /// <summary>First row of the attributes.</summary>
    public int FirstAttribute => IdCount + HistoryCount;

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

    /// <summary>Adds a row of attributes; dense zeros add nothing.</summary>
    public void AddAttributes(in FeatureRows rows, int row, EntryRows entries)
    {
        if (rows.Count == 0)
        {
            return;
        }

        for (int at = rows.Starts.IsEmpty ? 0 : rows.Starts[row]; !rows.Starts.IsEmpty && at < rows.Starts[row + 1]; at++)
        {
            entries.Add(FirstAttribute + rows.Columns[at], rows.Values[at]);
        }

        ReadOnlySpan<float> dense = rows.Dense.Slice(row * DenseCount, DenseCount);
        for (int i = 0; i < dense.Length; i++)
        {
            if (dense[i] != 0)
            {
                entries.Add(FirstAttribute + SparseCount + i, dense[i]);
            }
        }
    }
}
