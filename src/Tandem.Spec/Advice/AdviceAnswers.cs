using System.Globalization;
using Tandem.Faults;

namespace Tandem.Spec.Advice;

/// <summary>What the designer says about the use of predictions.</summary>
public sealed record AdviceAnswers
{
    /// <summary>Each row is acted on, or not.</summary>
    public const string Act = "act";

    /// <summary>Some of all items are shown to a user.</summary>
    public const string List = "list";

    /// <summary>What was found for a query is put into order.</summary>
    public const string Order = "order";

    /// <summary>Each row goes to one of several places.</summary>
    public const string Route = "route";

    /// <summary>A number is planned with.</summary>
    public const string Quantity = "quantity";

    /// <summary>What happens after a prediction: one of the constants.</summary>
    public required string Then { get; init; }

    /// <summary>Places, 0 to 1000; 0 for no bound.</summary>
    public int Slots { get; init; }

    /// <summary>Cost of acting wrongly, above 0.</summary>
    public double CostWrong { get; init; } = 1;

    /// <summary>Cost of not acting wrongly, above 0.</summary>
    public double CostMissed { get; init; } = 1;

    /// <summary>Share of positives, above 0 and below 1.</summary>
    public double BaseRate { get; init; } = 0.1;

    /// <summary>Time until a label is known, at least 0.</summary>
    public TimeSpan LabelDelay { get; init; }

    /// <summary>Items, at least 1.</summary>
    public double Items { get; init; } = 10_000;

    /// <summary>Users, or rows a day, at least 1.</summary>
    public double Users { get; init; } = 10_000;

    /// <summary>Milliseconds for an answer, above 0.</summary>
    public double P99Milliseconds { get; init; } = 100;

    /// <summary>Places that figures look at.</summary>
    internal int Cutoff => Slots == 0 ? 10 : Slots;

    /// <summary>Reads answers; those not given take their default.</summary>
    /// <param name="given">Answers as they were typed, by key.</param>
    /// <param name="onto">A file that answers what nobody did, as far as it does; null for none.</param>
    /// <exception cref="TandemException">SPC079, all of them together: an unknown key, an answer that is none, or one that
    /// must be given and is not.</exception>
    public static AdviceAnswers Of(IReadOnlyDictionary<string, string> given, SpecFile? onto = null)
    {
        ArgumentNullException.ThrowIfNull(given);
        IReadOnlyList<AdviceQuestion> questions = AdviceQuestion.Onto(onto);
        string[] keys = [.. questions.Select(static question => question.Key)];
        List<Fault> faults = [.. given.Keys.Where(key => !keys.Contains(key, StringComparer.Ordinal)).Select(key => AdviceErrors.UnknownKey(key, keys))];
        string Said(string key) => given.GetValueOrDefault(key) is { Length: > 0 } text
            ? text.Trim()
            : questions.First(question => question.Key == key).Default;
        double Number(string key, double low, double high, bool isWhole = false)
        {
            bool isNumber = double.TryParse(Said(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
            if (!isNumber || !(number >= low && number <= high) || (isWhole && number != Math.Floor(number)))
            {
                faults.Add(AdviceErrors.NoNumber(key, Said(key), low, high));
                return low;
            }

            return number;
        }

        string[] choices = [.. questions[0].Choices.Select(static choice => choice.Word)];
        if (!choices.Contains(Said("then"), StringComparer.Ordinal))
        {
            faults.Add(AdviceErrors.NoChoice("then", Said("then"), choices));
        }

        if (!DurationText.TryRead(Said("label_delay"), out TimeSpan delay) || delay > TimeSpan.FromDays(365))
        {
            faults.Add(AdviceErrors.NoLength("label_delay", Said("label_delay")));
        }

        AdviceAnswers answers = new()
        {
            Then = Said("then"),
            Slots = (int)Number("slots", 0, 1000, isWhole: true),
            CostWrong = Number("cost_wrong", 1e-9, 1e12),
            CostMissed = Number("cost_missed", 1e-9, 1e12),
            BaseRate = Number("base_rate", 1e-9, 1 - 1e-9),
            LabelDelay = delay,
            Items = Number("items", 1, 1e12),
            Users = Number("users", 1, 1e12),
            P99Milliseconds = Number("p99_ms", 0.01, 1e6),
        };
        return faults.Count == 0 ? answers : throw new TandemException(faults);
    }
}
