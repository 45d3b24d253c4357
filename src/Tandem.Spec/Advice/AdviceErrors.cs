using System.Globalization;
using Tandem.Faults;

namespace Tandem.Spec.Advice;

/// <summary>Messages about answers.</summary>
internal static class AdviceErrors
{
    private const string Code = "SPC079";

    public static Fault UnknownKey(string key, IReadOnlyList<string> keys) =>
        SpecErrors.Dangling(Code, $"There is no question '{key}'.", key, keys, "Answer one of the questions.");

    public static Fault NoChoice(string key, string said, IReadOnlyList<string> choices) => SpecErrors.Dangling(
        Code, said.Length == 0 ? $"Nobody says '{key}'." : $"'{said}' is no answer to '{key}'.", said, choices,
        "Answer with one of the words.");

    public static Fault NoNumber(string key, string said, double low, double high) => new(
        Code, $"'{said}' is no answer to '{key}'.",
        string.Create(CultureInfo.InvariantCulture, $"Answer with a number from {low} to {high}."));

    public static Fault NoLength(string key, string said) => new(
        Code, $"'{said}' is no answer to '{key}'.", "Answer with a length of time, such as 10m or 7d, of at most a year.");
}
