using System.Globalization;
using Tandem.Events;

namespace Tandem.Workspace.Tests.Kills;

/// <summary>What the probe of a whole system said, over all its lives: what was sent, what was acknowledged, who was
/// forgotten. The system is judged against it.</summary>
internal sealed class SystemRecord
{
    private const int PlaysAPerson = 5;
    private const int RefusedEvery = 40;

    private readonly Dictionary<string, string> _personOfSent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _acknowledged = new(StringComparer.Ordinal);
    private readonly HashSet<int> _refused = [];
    private readonly List<string> _unanswered = [];
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);
    private readonly HashSet<string> _beingForgotten = new(StringComparer.Ordinal);

    /// <summary>Begins with what a system holds already.</summary>
    public SystemRecord(IEnumerable<EventRecord> events)
    {
        foreach (EventRecord play in events)
        {
            _personOfSent.Add(play.Id, PersonOf(play)!);
            _acknowledged.Add(play.Id);
        }

        People = [.. _personOfSent.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>People of the system before the probe's first play.</summary>
    public IReadOnlyList<string> People { get; }

    /// <summary>Number of the first play that was never sent.</summary>
    public int Next { get; private set; }

    /// <summary>Who was being forgotten when the probe was killed.</summary>
    public IReadOnlySet<string> BeingForgotten => _beingForgotten;

    /// <summary>Who must not be found anywhere any more.</summary>
    public IReadOnlySet<string> Forgotten => _forgotten;

    /// <summary>Ids of acknowledged events that must be there, once.</summary>
    public IEnumerable<string> MustBeThere =>
        _acknowledged.Where(id => IsSettled(PersonOf(id)));

    /// <summary>How many events were acknowledged.</summary>
    public int AcknowledgedCount => _acknowledged.Count;

    /// <summary>Ids of refused events that must be in quarantine.</summary>
    public IEnumerable<string> MustBeQuarantined =>
        _refused.Where(number => IsSettled(Person(number))).Select(Id);

    /// <summary>What the next life of the probe is told: ranges to send again, and people, the one whose forgetting
    /// was cut short first.</summary>
    public (string Unanswered, string People) Left() => (
        string.Join(',', _unanswered),
        string.Join(',', _beingForgotten.Select(static person => "+" + person).Concat(People)));

    /// <summary>Whether an event was ever sent.</summary>
    public bool WasSent(string id) => _personOfSent.ContainsKey(id);

    /// <summary>Whether the probe was killed while it forgot a person: they may be found or not.</summary>
    public bool IsOpen(string person) => _beingForgotten.Contains(person);

    /// <summary>The person of an event that was sent.</summary>
    public string PersonOf(string id) => _personOfSent[id];

    /// <summary>The person of an event.</summary>
    public static string? PersonOf(EventRecord play) =>
        play.Entities.FirstOrDefault(static key => key.Entity == "user").Id;

    /// <summary>Takes in a line of the probe.</summary>
    public void Hear(string line)
    {
        string[] words = line.Split(' ');
        switch (words)
        {
            case ["send", string range]:
                Send(range);
                break;
            case ["done", string range]:
                Acknowledge(range);
                break;
            case ["begin", "forget", string person]:
                if (!_forgotten.Contains(person))
                {
                    _beingForgotten.Add(person);
                }

                break;
            case ["end", "forget", string person]:
                _beingForgotten.Remove(person);
                _forgotten.Add(person);
                break;
            default:
                break;
        }
    }

    /// <summary>Ends a life of the probe: the next begins with people of its own.</summary>
    public void EndLife() => Next = (Next + PlaysAPerson - 1) / PlaysAPerson * PlaysAPerson;

    private bool IsSettled(string person) => !IsOpen(person) && !_forgotten.Contains(person);

    private void Send(string range)
    {
        (int first, int last) = Ends(range);
        Next = Math.Max(Next, last + 1);
        if (!_unanswered.Contains(range))
        {
            _unanswered.Add(range);
        }

        for (int number = first; number <= last; number++)
        {
            _personOfSent.TryAdd(Id(number), Person(number));
        }
    }

    private void Acknowledge(string range)
    {
        _unanswered.Remove(range);
        (int first, int last) = Ends(range);
        for (int number = first; number <= last; number++)
        {
            if (number % RefusedEvery == 0)
            {
                _refused.Add(number);
            }
            else
            {
                _acknowledged.Add(Id(number));
            }
        }
    }

    private static (int First, int Last) Ends(string range) =>
        range.Split('-') is [string first, string last] ? (Number(first), Number(last)) : throw new FormatException(range);

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"n{number}");

    private static string Person(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"w{number / PlaysAPerson}");

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
