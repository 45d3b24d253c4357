using Tandem.Faults;
using Tandem.Learning;
using Tandem.Learning.Trees;
using Tandem.Spec;

namespace Tandem.Training.Tables;

/// <summary>Reads a model that LightGBM or XGBoost saved, and gives it the rows of a table as its columns, by name.</summary>
internal static class ImportedModel
{
    private static readonly ModelChoiceSpec Trees = new() { Kind = "boosted_trees" };

    /// <summary>Reads a model for a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="path">The file: XGBoost's JSON where its name ends in <c>.json</c>, else LightGBM's text.</param>
    /// <exception cref="TandemException">TRN019 to TRN021: it cannot be read, its columns are not the table's, or it predicts
    /// something else; LRN045, LRN046: it is no such model, or one that is not read.</exception>
    public static FittedModel Read(RowTable table, string path)
    {
        BoostedTreesModel model = Open(path);
        if (model.Target.Kind != table.Target.Kind || model.Target.OutputCount != table.Target.OutputCount)
        {
            throw TrainingErrors.ImportedTarget(path, model.Target, table.Target);
        }

        int[] places = [.. model.FeatureNames.Select(name => PlaceOf(name, table.Numbers))];
        string[] missing = [.. model.FeatureNames.Where((_, column) => places[column] < 0)];
        if (missing.Length > 0 || places.Length != model.DenseCount)
        {
            throw TrainingErrors.ImportedColumns(path, missing);
        }

        float[] dense = new float[(long)table.Count * places.Length];
        for (int row = 0; row < table.Count; row++)
        {
            for (int column = 0; column < places.Length; column++)
            {
                dense[(row * places.Length) + column] = table.Values[(row * table.Numbers.Count) + places[column]];
            }
        }

        LabelledRows rows = new()
        {
            DenseCount = places.Length,
            SparseCount = 0,
            Dense = dense,
            Starts = new int[table.Count + 1],
            Columns = [],
            Values = [],
            Target = table.Target,
            Labels = table.Labels,
            Groups = table.Groups,
        };
        return new FittedModel(
            model, rows, Trees, [.. places.Select(place => table.Numbers[place])], [.. Enumerable.Range(0, places.Length)], []);
    }

    private static BoostedTreesModel Open(string path)
    {
        try
        {
            using Stream file = File.OpenRead(path);
            if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                return BoostedTrees.ReadXgBoost(file);
            }

            using StreamReader text = new(file);
            return BoostedTrees.ReadLightGbm(text);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw TrainingErrors.ImportedFile(path, wrong);
        }
    }

    // LightGBM writes spaces of names as underscores.
    private static int PlaceOf(string name, IReadOnlyList<string> numbers)
    {
        int spaced = -1;
        for (int place = 0; place < numbers.Count; place++)
        {
            if (numbers[place] == name)
            {
                return place;
            }

            spaced = spaced < 0 && numbers[place].Replace(' ', '_') == name ? place : spaced;
        }

        return spaced;
    }
}
