using Tandem.Faults;

namespace Tandem.Spec.Yaml;

/// <summary>Says in plain words what the YAML library found.</summary>
internal static class SyntaxFaults
{
    /// <summary>What the library says, in part; what happened; what to do.</summary>
    private static readonly (string Part, string What, string Remedy)[] Known =
    [
        ("unexpected end of stream", "The quote that opens here is never closed.", "Close it with the same quote."),
        ("invalid mapping", "There is a second ': ' in one value, or this line is indented deeper than its neighbours.",
            "Put a text with ': ' in quotes, or line the keys up."),
        ("cannot start any token", "A value cannot start with this character.", "Put the value in quotes."),
        ("did not find expected key", "A key was expected here, or this line is indented less than its neighbours.",
            "Write 'key: value', and line the keys up."),
        ("did not find expected ',' or", "A comma or the closing bracket is missing before this.",
            "Close the bracket, or add the comma."),
        ("could not find expected ':'", "This key has no ':'.", "Write 'key: value'."),
        ("escape", "After '\\' stands nothing that YAML knows.", "Write '\\\\' for a backslash, or use single quotes."),
    ];

    /// <summary>Makes the fault and finds its place.</summary>
    /// <param name="message">What the library says; empty where it broke off without a word.</param>
    /// <param name="mark">Where it says so; often the start of what was being read.</param>
    /// <param name="text">The whole text.</param>
    public static (Mark Mark, Fault Fault) Of(string message, Mark mark, string text)
    {
        if (message.Contains("tab", StringComparison.Ordinal) && FindTab(text, mark.Index, mark.Line) is { } tab)
        {
            return (tab, SpecErrors.Syntax("A tab is used for indentation.", "Indent with spaces, never with tabs."));
        }

        foreach ((string part, string what, string remedy) in Known)
        {
            if (message.Contains(part, StringComparison.Ordinal))
            {
                return (mark, SpecErrors.Syntax(what, remedy));
            }
        }

        return (mark, SpecErrors.Syntax(
            "From here on this is not YAML.",
            "Check brackets, quotes and indentation on this line and the one before."));
    }

    /// <summary>The first tab before anything else on a line, from a place on; the library points to what came
    /// before.</summary>
    private static Mark? FindTab(string text, int from, int line)
    {
        bool isIndentation = true;
        int lineStart = text.AsSpan(0, from).LastIndexOf('\n') + 1;
        for (int i = lineStart; i < text.Length; i++)
        {
            if (text[i] == '\t' && isIndentation)
            {
                return new Mark(i, line, i - lineStart + 1);
            }

            isIndentation = text[i] == '\n' || (isIndentation && text[i] == ' ');
            if (text[i] == '\n')
            {
                line++;
                lineStart = i + 1;
            }
        }

        return null;
    }
}
