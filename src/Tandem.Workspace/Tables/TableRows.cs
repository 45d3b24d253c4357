using Tandem.Features;
using Tandem.Learning;
using Tandem.Spec;
using Tandem.Training.Tables;
using Tandem.Workspace.Import;

namespace Tandem.Workspace.Tables;

/// <summary>The rows of a table as they are read.</summary>
internal sealed class TableRows
{
    private readonly TablePlan _plan;
    private readonly TableLabel _label;
    private readonly string?[] _labelValues;
    private readonly EntityIndex _groupIds = new();
    private readonly List<int> _groups = [];
    private readonly List<long> _times = [];
    private readonly List<bool> _isTreated = [];
    private readonly List<bool> _isTest = [];
    private readonly List<string>[] _slices;

    public TableRows(TablePlan plan, ObjectiveSpec objective)
    {
        _plan = plan;
        _label = new TableLabel(objective);
        _labelValues = new string?[plan.LabelPlaces.Length];
        _slices = [.. plan.SlicePlaces.Select(static _ => new List<string>())];
    }

    public int Count => _isTest.Count;

    public bool HasGroups => _plan.GroupPlace >= 0;

    /// <summary>Adds a row.</summary>
    /// <param name="row">Its values, in the file's order.</param>
    /// <param name="part">Part that the file holds.</param>
    /// <returns>The column that is refused, its value, and why; or null.</returns>
    public (string Column, string? Value, string Why)? Add(ReadOnlySpan<string?> row, string part)
    {
        TableReader.ThrowIfTooLarge(Count + 1L, _plan.Features.Count);
        for (int i = 0; i < _labelValues.Length; i++)
        {
            _labelValues[i] = row[_plan.LabelPlaces[i]];
        }

        if (_label.Add(_labelValues) is { } wrong)
        {
            return (_label.Columns[wrong.Column], _labelValues[wrong.Column], wrong.Why);
        }

        if (HasGroups)
        {
            string? group = row[_plan.GroupPlace];
            if (group is null && !_plan.AreGroupsBeside)
            {
                return (_plan.Names[_plan.GroupPlace], null, "each row belongs to a group");
            }

            _groups.Add(_groupIds.FindOrAdd(group ?? ""));
        }

        if (_plan.TreatmentPlace >= 0)
        {
            string? text = row[_plan.TreatmentPlace];
            if (!TableColumn.TryFlag(text, out bool isTreated))
            {
                return (_plan.Names[_plan.TreatmentPlace], text, "a treatment is 1 or 0, true or false");
            }

            _isTreated.Add(isTreated);
        }

        if (_plan.TimePlace >= 0)
        {
            string? text = row[_plan.TimePlace];
            if (text is null || !TimeText.TryRead(text, _plan.TimeFormat, out DateTimeOffset time))
            {
                return (_plan.Names[_plan.TimePlace], text, "it is no moment");
            }

            _times.Add((time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        }

        foreach ((int place, TableColumn column) in _plan.Features)
        {
            if (column.Add(row[place]) is { } why)
            {
                return (column.Name, row[place], why);
            }
        }

        for (int i = 0; i < _slices.Length; i++)
        {
            _slices[i].Add(TableReader.SliceOf(row[_plan.SlicePlaces[i].Place]));
        }

        _isTest.Add(part == "test");
        return null;
    }

    /// <summary>Takes groups of so many rows each, in the order of the rows.</summary>
    public void SetGroups(IReadOnlyList<int> sizes)
    {
        _groups.Clear();
        for (int group = 0; group < sizes.Count; group++)
        {
            _groups.AddRange(Enumerable.Repeat(group, sizes[group]));
        }
    }

    /// <summary>The table, rows of a group together.</summary>
    public RowTable ToTable()
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        if (HasGroups)
        {
            order = [.. order.OrderBy(row => _groups[row])];
        }

        TableColumn[] numbers = [.. _plan.Features.Select(static feature => feature.Column).Where(static column => column.IsNumber)];
        TableColumn[] texts = [.. _plan.Features.Select(static feature => feature.Column).Where(static column => !column.IsNumber)];
        float[] values = new float[(long)Count * numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i].CopyTo(values, i, numbers.Length, order);
        }

        (RowTarget target, float[] labels, IReadOnlyList<string> classes) = _label.ToLabels(order);
        if (target is { Kind: RowTargetKind.Multiclass, Classes: < 2 })
        {
            throw TableErrors.OneClass(_label.Columns[0], target.Classes);
        }

        return new RowTable
        {
            Numbers = [.. numbers.Select(static column => column.Name)],
            Values = values,
            Texts = [.. texts.Select(column => column.ToTexts(order))],
            Target = target,
            Labels = labels,
            Classes = classes,
            Treated = _isTreated.Count > 0 ? [.. order.Select(row => _isTreated[row])] : [],
            Groups = HasGroups ? [.. order.Select(row => _groups[row])] : [],
            Times = _times.Count > 0 ? [.. order.Select(row => _times[row])] : [],
            IsTest = _isTest.Contains(item: true) ? [.. order.Select(row => _isTest[row])] : [],
            Places = HasGroups ? order : [],
            Slices =
            [
                .. _plan.SlicePlaces.Select(
                    (slice, i) => (slice.Name, order.Select(row => _slices[i][row]).ToArray())),
            ],
        };
    }
}
