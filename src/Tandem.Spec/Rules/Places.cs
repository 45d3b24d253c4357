using System.Globalization;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Rules;

/// <summary>Finds where in the text a value was written.</summary>
internal sealed class Places(Node root)
{
    /// <summary>True where every step of the path is written.</summary>
    public bool IsGiven(params ReadOnlySpan<string> path) => Walk(path, out _);

    /// <summary>The value at a path; where a short form or a default stands instead, the nearest value around
    /// it.</summary>
    public Node At(params ReadOnlySpan<string> path)
    {
        Walk(path, out Node nearest);
        return nearest;
    }

    /// <summary>The key at a path; where it is not written, the nearest value around it.</summary>
    public Node Key(params ReadOnlySpan<string> path) =>
        At(path[..^1]) is MapNode map && map.Find(path[^1]) is { } entry ? entry.Key : At(path);

    /// <summary>The first text of a list that passes a test; the nearest value around it where none does.</summary>
    public Node Item(Func<string, bool> test, params ReadOnlySpan<string> path)
    {
        Node node = At(path);
        return (node as ListNode)?.Items.FirstOrDefault(item => item is ScalarNode scalar && test(scalar.Text)) ?? node;
    }

    private bool Walk(ReadOnlySpan<string> path, out Node nearest)
    {
        nearest = root;
        foreach (string step in path)
        {
            Node? next = nearest switch
            {
                MapNode map => map.Find(step)?.Value,
                ListNode list when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                    && index < list.Items.Count => list.Items[index],
                _ => null,
            };
            if (next is null)
            {
                return false;
            }

            nearest = next;
        }

        return true;
    }
}
