using System.Diagnostics;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Workspace.Tables;

/// <summary>The labels of rows as they are read: what the label's conditions or columns say.</summary>
internal sealed class TableLabel
{
    private const int MostClasses = 10_000;

    private readonly ObjectiveSpec _objective;
    private readonly List<float> _labels = [];
    private readonly List<string> _classes = [];
    private readonly RowTargetKind _kind;

    public TableLabel(ObjectiveSpec objective)
    {
        _objective = objective;
        _kind = objective.Task switch
        {
            "binary" => RowTargetKind.Binary,
            "multiclass" => RowTargetKind.Multiclass,
            "multilabel" => RowTargetKind.Multilabel,
            "regression" => RowTargetKind.Number,
            "quantile" => RowTargetKind.Quantile,
            "ranking" => RowTargetKind.Order,
            "uplift" => objective.Label.AnyOf.Count > 0 ? RowTargetKind.Binary : RowTargetKind.Number,
            _ => throw new UnreachableException(objective.Task),
        };
        Columns =
        [
            .. objective.Label.AnyOf.Select(static condition => condition.Column).Concat(objective.Label.Columns)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>The columns that a label is read from; their values are handed over in this order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Adds the next row's label.</summary>
    /// <param name="values">Its values of <see cref="Columns"/>.</param>
    /// <returns>The column that is refused, and why; or null.</returns>
    public (int Column, string Why)? Add(ReadOnlySpan<string?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is null)
            {
                return (i, "a label must be there");
            }
        }

        if (_objective.Label.AnyOf.Count > 0)
        {
            bool isPositive = false;
            foreach (ConditionSpec condition in _objective.Label.AnyOf)
            {
                isPositive |= Holds(condition, values[IndexOf(condition.Column)]!);
            }

            _labels.Add(isPositive ? 1 : 0);
            return null;
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (Read(values[i]!, out float label) is { } why)
            {
                return (i, why);
            }

            _labels.Add(label);
        }

        return null;
    }

    /// <summary>The labels in an order of rows.</summary>
    public (RowTarget Target, float[] Labels, IReadOnlyList<string> Classes) ToLabels(int[] order)
    {
        int width = _kind == RowTargetKind.Multilabel ? Columns.Count : 1;
        (string[] classes, int[] numbers) = SortedClasses();
        float[] labels = new float[order.Length * width];
        for (int row = 0; row < order.Length; row++)
        {
            for (int head = 0; head < width; head++)
            {
                float label = _labels[(order[row] * width) + head];
                labels[(row * width) + head] = _kind == RowTargetKind.Multiclass ? numbers[(int)label] : label;
            }
        }

        // An outcome is a number, or happens or not.
        bool isChance = _objective.Treatment is not null && Array.TrueForAll(labels, static label => label is 0 or 1);
        RowTarget target = new(isChance ? RowTargetKind.Binary : _kind)
        {
            Classes = _kind switch
            {
                RowTargetKind.Multiclass => classes.Length,
                RowTargetKind.Multilabel => width,
                _ => 0,
            },
            Quantiles = _kind == RowTargetKind.Quantile ? _objective.Quantiles : [],
        };
        return (target, labels, _kind == RowTargetKind.Multilabel ? Columns : classes);
    }

    private static bool Holds(ConditionSpec condition, string text)
    {
        int order = condition.Value switch
        {
            double number => TableColumn.TryNumber(text, out float value) ? value.CompareTo((float)number) : 2,
            bool flag => TableColumn.TryFlag(text, out bool value) ? value.CompareTo(flag) : 2,
            _ => string.CompareOrdinal(text, (string)condition.Value),
        };
        return condition.Operator switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order is > 0 and not 2,
            _ => order is >= 0 and not 2,
        };
    }

    private string? Read(string text, out float label)
    {
        label = 0;
        switch (_kind)
        {
            case RowTargetKind.Binary or RowTargetKind.Multilabel:
                bool isFlag = TableColumn.TryFlag(text, out bool flag);
                label = flag ? 1 : 0;
                return isFlag ? null : $"a {_objective.Task} label is 1 or 0, true or false, unless a condition says what is positive";
            case RowTargetKind.Multiclass:
                int known = _classes.IndexOf(text);
                if (known < 0)
                {
                    known = _classes.Count;
                    _classes.Add(text);
                }

                label = known;
                return known < MostClasses ? null : "there are more than 10,000 classes";
            default:
                bool isNumber = TableColumn.TryNumber(text, out label);
                if (!isNumber && _objective.Treatment is not null && TableColumn.TryFlag(text, out bool happened))
                {
                    label = happened ? 1 : 0;
                    return null;
                }

                bool isGrade = isNumber && label is >= 0 and <= 30 && label == MathF.Floor(label);
                return !isNumber ? "a label is a number"
                    : _kind == RowTargetKind.Order && !isGrade ? "a grade is a whole number from 0 to 30"
                    : null;
        }
    }

    /// <summary>The classes in the order of numbers where all are, else of texts; and the place of each as met.</summary>
    private (string[] Classes, int[] Numbers) SortedClasses()
    {
        bool areNumbers = _classes.TrueForAll(static text => TableColumn.TryNumber(text, out _));
        string[] sorted =
        [
            .. areNumbers
                ? _classes.OrderBy(static text => TableColumn.TryNumber(text, out float number) ? number : 0)
                : _classes.Order(StringComparer.Ordinal),
        ];
        return (sorted, [.. _classes.Select(text => Array.IndexOf(sorted, text))]);
    }

    private int IndexOf(string column) => Columns.TakeWhile(each => each != column).Count();
}
