namespace Tandem.Learning.TwoTower;

/// <summary>What another training may go on from.</summary>
public sealed partial class TwoTowerModel
{
    /// <summary>True where it has the sizes of settings.</summary>
    internal bool Fits(TwoTowerOptions options) =>
        (Factors, _userTower.Layers, _userTower.Layers == 0 ? options.Hidden : _userTower.Hidden, _userTower.Normalises)
        == (options.Factors, options.Layers, options.Hidden, options.Normalise);

    /// <summary>Copies what is known into towers that were drawn; nothing where they read other attributes.</summary>
    internal void CopyTo(WarmStart start, TwoTowerExamples examples, Tower userTower, Tower itemTower)
    {
        if ((_userInputs.Attributes, _itemInputs.Attributes, _userInputs.HasConstant, _itemInputs.HasConstant)
            == (examples.UserInputs.Attributes, examples.ItemInputs.Attributes, examples.UserInputs.HasConstant,
                examples.ItemInputs.HasConstant))
        {
            Copy(_userTower, _userInputs, userTower, examples.UserInputs, start.Users, start.Items);
            Copy(_itemTower, _itemInputs, itemTower, examples.ItemInputs, start.Items, start.Items);
        }
    }

    private static void Copy(
        Tower from, TowerInputs inputs, Tower to, TowerInputs others, IReadOnlyList<int> ids, IReadOnlyList<int> items)
    {
        from.Parameters.CopyTo(to.Parameters, 0);
        for (int row = 0; row < others.Count; row++)
        {
            // What is kept of a history's items has their attributes in it; then they begin anew.
            int past = row - others.IdCount;
            int source = past < 0 ? Bounded(ids[row], inputs.IdCount, 0)
                : past >= others.HistoryCount ? inputs.FirstAttribute + past - others.HistoryCount
                : inputs.ReadsHistoryAttributes ? -1
                : Bounded(items[past], inputs.HistoryCount, inputs.IdCount);
            if (source >= 0 && from.Table.Rows.Row(source).ContainsAnyExcept(0f))
            {
                from.Table.Rows.Row(source).CopyTo(to.Table.Rows.Row(row));
            }
        }
    }

    private static int Bounded(int number, int count, int first) => number >= 0 && number < count ? first + number : -1;
}
