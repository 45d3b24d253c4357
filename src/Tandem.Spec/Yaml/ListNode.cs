namespace Tandem.Spec.Yaml;

/// <summary>Values in order.</summary>
internal sealed class ListNode(Mark start, int end, IReadOnlyList<Node> items, bool isFlow) : Node(start, end)
{
    public IReadOnlyList<Node> Items { get; } = items;

    /// <summary>True where it is written <c>[a, b]</c>.</summary>
    public bool IsFlow { get; } = isFlow;

    public override string Said => "a list";
}
