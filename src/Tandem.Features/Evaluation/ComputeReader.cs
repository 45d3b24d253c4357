using System.Collections.Concurrent;

namespace Tandem.Features.Evaluation;

/// <summary>Reads online what computed features need. Thread safe; allocates nothing once rows were used before.</summary>
internal sealed class ComputeReader
{
    private readonly ConcurrentBag<ComputeRow> _rows = [];
    private readonly Dictionary<string, Group[]> _entities;
    private readonly Group[] _pairs;
    private readonly EntityIndex _codes;
    private readonly PairFinder _finder;

    /// <param name="plan">What is computed.</param>
    /// <param name="finder">Finds the series of pairs.</param>
    /// <param name="codes">The texts of the store.</param>
    /// <param name="find">Gives the shelf and the plan of a feature.</param>
    public ComputeReader(
        ComputePlan plan, PairFinder finder, EntityIndex codes, Func<string, string, (SeriesShelf Shelf, FeaturePlan Plan)> find)
    {
        Plan = plan;
        _codes = codes;
        _finder = finder;
        Group[] groups = [.. plan.Leaves
            .Select(leaf => (Cell: plan.CellOf(leaf.Name), Found: find(leaf.View!.Name, leaf.Feature!.Name)))
            .GroupBy(each => each.Found.Shelf)
            .Select(group => new Group(
                group.Key,
                new ReadPlan(group.Where(each => !each.Found.Plan.GivesTexts).Select(each => (each.Cell, each.Found.Plan))),
                [.. group.Where(each => each.Found.Plan.GivesTexts).Select(each => (each.Cell, each.Found.Plan))]))];
        _pairs = [.. groups.Where(static group => group.Shelf.Plan.Pair is not null)];
        _entities = groups.Except(_pairs).GroupBy(group => group.Shelf.Plan.Entity, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    public ComputePlan Plan { get; }

    /// <summary>A row to use alone until it is given back.</summary>
    public ComputeRow Rent() => _rows.TryTake(out ComputeRow? row) ? row : new ComputeRow(Plan);

    public void Return(ComputeRow row) => _rows.Add(row);

    /// <summary>Fills the cells of one entity.</summary>
    public void Read(ComputeRow row, string entity, string id, long asOf)
    {
        if (_entities.TryGetValue(entity, out Group[]? groups))
        {
            foreach (Group group in groups)
            {
                Read(row, group, group.Shelf.Entity(id), asOf);
            }
        }
    }

    /// <summary>Fills the cells of the row's pairs.</summary>
    public void ReadPairs(ComputeRow row, in RowIds ids, long asOf)
    {
        foreach (Group group in _pairs)
        {
            Read(row, group, _finder.Find(group.Shelf, ids, row), asOf);
        }
    }

    private void Read(ComputeRow row, Group group, int number, long asOf)
    {
        Span<int> codes = stackalloc int[1];
        if (group.Numbers.Cells.Length > 0)
        {
            group.Shelf.Read(number, group.Numbers, asOf, row.Numbers.AsSpan());
        }

        foreach (ReadPlan.Cell cell in group.Numbers.Cells)
        {
            row.Set(cell.Index, row.Numbers[cell.Index]);
        }

        foreach ((int cell, FeaturePlan plan) in group.Texts)
        {
            row.Row.SetNull(cell);
            if (group.Shelf.Texts(number, plan, asOf, codes) > 0)
            {
                row.Row.Set(cell, _codes.Utf8(codes[0]));
            }
        }
    }

    private sealed record Group(SeriesShelf Shelf, ReadPlan Numbers, (int Cell, FeaturePlan Plan)[] Texts);
}
