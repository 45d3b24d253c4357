using System.Text.Json;

namespace Tandem.Server.Routes;

/// <summary>Answers over the wire.</summary>
/// <param name="Answers">By key of the question: texts and numbers, at most 32 of at most 100 characters.</param>
/// <param name="Onto">True to propose onto the design of this system; false or absent for a new one.</param>
internal sealed record AdviceBody(IReadOnlyDictionary<string, JsonElement>? Answers, bool Onto)
{
    // More than there are questions: messages name each key that is none, and the nearest that is.
    private const int MostAnswers = 32;
    private const int LongestText = 100;

    /// <summary>The answers as they would be typed.</summary>
    /// <exception cref="Faults.TandemException">HTP010: there are none, too many, or they are something else.</exception>
    public IReadOnlyDictionary<string, string> Read()
    {
        if (Answers is not { Count: <= MostAnswers })
        {
            throw ServerErrors.BadBody($"The body has no 'answers', or more than {MostAnswers}.", "body");
        }

        Dictionary<string, string> read = new(StringComparer.Ordinal);
        foreach ((string key, JsonElement value) in Answers)
        {
            string? text = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
            read[key] = key.Length <= LongestText && text is { Length: <= LongestText }
                ? text
                : throw ServerErrors.BadBody(
                    $"An answer is neither a number nor a text of at most {LongestText} characters, or its key is longer.",
                    $"body: answer {read.Count + 1}");
        }

        return read;
    }
}
