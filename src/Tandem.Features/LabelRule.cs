using Tandem.Events;
using Tandem.Features.Evaluation;
using Tandem.Spec;

namespace Tandem.Features;

/// <summary>Decides whether an event is a positive, as <c>objective.label</c> says. The one rule that training sets,
/// served histories and monitors share.</summary>
/// <remarks>Not thread safe: it reads each event through one reused row.</remarks>
public sealed class LabelRule
{
    private readonly SourceShape _shape;
    private readonly SourceRow _row;
    private readonly RowCondition[] _anyOf;

    /// <summary>Reads the rule.</summary>
    /// <param name="spec">A valid system.</param>
    public LabelRule(SystemSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        LabelSpec label = spec.Objective.Label;
        SourceSpec source = spec.Sources[label.Event];
        EventType = label.Event;
        _shape = new SourceShape(label.Event, source);
        _anyOf =
        [
            .. label.AnyOf.Select(condition => new RowCondition(
                _shape.Column(condition.Column), SourceColumn.Find(source, condition.Column)!, condition)),
        ];
        _row = new SourceRow(_shape.Columns.Count);
    }

    /// <summary>Type of the events that may be positives.</summary>
    public string EventType { get; }

    /// <summary>Decides about one event.</summary>
    /// <param name="record">Any event.</param>
    /// <returns>True where it is of <see cref="EventType"/> and any of the conditions holds, or there are
    /// none.</returns>
    public bool IsPositive(EventRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Type != EventType)
        {
            return false;
        }

        if (_anyOf.Length == 0)
        {
            return true;
        }

        _shape.Read(record, _row);
        foreach (RowCondition condition in _anyOf)
        {
            if (condition.Holds(_row))
            {
                return true;
            }
        }

        return false;
    }
}
