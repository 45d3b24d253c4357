namespace Tandem.Spec.Yaml;

/// <summary>A value in the text, with the place where it stands.</summary>
/// <param name="start">Where its first character is.</param>
/// <param name="end">Index after its last character; white space, line breaks and comments after it do not
/// count.</param>
internal abstract class Node(Mark start, int end)
{
    public Mark Start { get; } = start;

    public int End { get; } = end;

    /// <summary>What it is, as a message says it: <c>text 'abc'</c>, <c>a list</c>.</summary>
    public abstract string Said { get; }
}
