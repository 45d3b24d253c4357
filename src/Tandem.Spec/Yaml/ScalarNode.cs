namespace Tandem.Spec.Yaml;

/// <summary>A single value. What type it has is decided by the key it belongs to, not by its spelling.</summary>
internal sealed class ScalarNode(Mark start, int end, string text, bool isPlain) : Node(start, end)
{
    private const int LongestQuote = 60;

    /// <summary>The value, unquoted and unescaped.</summary>
    public string Text { get; } = text;

    /// <summary>True where it is written without quotes and not as a block.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>True for nothing at all, <c>~</c> and <see langword="null"/>.</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null";

    public override string Said => IsNull ? "no value" : IsPlain ? $"'{Quote(Text)}'" : $"the text '{Quote(Text)}'";

    /// <summary>Shortens a text for a message, and makes control characters visible.</summary>
    public static string Quote(string text)
    {
        string head = text.Length <= LongestQuote ? text : text[..LongestQuote] + "…";
        return string.Create(head.Length, head, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? '·' : source[i];
            }
        });
    }
}
