using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tandem.Faults;

namespace Tandem.Spec.Yaml;

/// <summary>Changes one value in a text and no other byte.</summary>
/// <remarks>The text is cut at the places where nodes begin and end, so layout, order and comments stay. What comes out
/// is read again and compared with what was meant; a text too unusual for the cut is refused, never damaged.</remarks>
internal sealed class Splice
{
    private readonly string _text;
    private readonly Node _root;
    private readonly string[] _path;

    private Splice(string text, Node root, string[] path)
    {
        _text = text;
        _root = root;
        _path = path;
    }

    /// <summary>Sets a value, adding the key, and mappings around it, where they are missing.</summary>
    /// <exception cref="TandemException">SPC040: a step of the path is no mapping, or the text is too
    /// unusual.</exception>
    public static string Set(string text, Node root, string[] path, JsonNode? value)
    {
        string edited = new Splice(text, root, path).Set(value);
        return EditCheck.IsSet(root, Reread(edited), path, value)
            ? edited
            : throw new TandemException(SpecErrors.UnusualText(path));
    }

    /// <summary>Removes a key; the text as it was where there is none.</summary>
    /// <exception cref="TandemException">SPC040: a step of the path is no mapping, or the text is too
    /// unusual.</exception>
    public static string Remove(string text, Node root, string[] path)
    {
        string edited = new Splice(text, root, path).Remove();
        return ReferenceEquals(edited, text) || EditCheck.IsRemoved(root, Reread(edited), path)
            ? edited
            : throw new TandemException(SpecErrors.UnusualText(path));
    }

    private static Node? Reread(string text)
    {
        Node? root = YamlReader.Read(text, out (Mark, Fault)? fault);
        return fault is null ? root : null;
    }

    private string Set(JsonNode? value)
    {
        Node node = _root;
        for (int i = 0; i < _path.Length; i++)
        {
            bool isLast = i == _path.Length - 1;
            if (node is ListNode list)
            {
                node = Item(list, i);
                if (isLast)
                {
                    return Replace(node, value, list.IsFlow);
                }

                continue;
            }

            MapNode map = node as MapNode ?? throw new TandemException(SpecErrors.NoMapping(_path, i));
            if (map.Find(_path[i]) is not { } entry)
            {
                return Add(map, _path[i], Nest(i + 1, value));
            }

            if (isLast || entry.Value is ScalarNode { IsNull: true })
            {
                return ReplaceValue(entry, isLast ? value : Nest(i + 1, value), map.IsFlow);
            }

            node = entry.Value;
        }

        throw new UnreachableException();
    }

    private string Remove()
    {
        Node node = _root;
        for (int i = 0; i < _path.Length - 1; i++)
        {
            Node? next = node is ListNode list ? Item(list, i) : (node as MapNode)?.Find(_path[i])?.Value;
            if (next is null)
            {
                return _text;
            }

            node = next;
        }

        MapNode map = node as MapNode ?? throw new TandemException(SpecErrors.NoMapping(_path, _path.Length - 1));
        for (int i = 0; i < map.Entries.Count; i++)
        {
            if (map.Entries[i].Key.Text == _path[^1])
            {
                return map.IsFlow ? RemoveFromFlow(map, i) : RemoveFromBlock(map, i);
            }
        }

        return _text;
    }

    private Node Item(ListNode list, int step) =>
        int.TryParse(_path[step], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && index < list.Items.Count
            ? list.Items[index]
            : throw new TandemException(SpecErrors.NoMapping(_path, step));

    /// <summary>The value within the mappings that the rest of the path asks for.</summary>
    private JsonNode? Nest(int from, JsonNode? value)
    {
        JsonNode? nested = value?.DeepClone();
        for (int i = _path.Length - 1; i >= from; i--)
        {
            nested = new JsonObject { [_path[i]] = nested };
        }

        return nested;
    }

    private string Replace(Node node, JsonNode? value, bool isFlow) =>
        string.Concat(_text.AsSpan(0, node.Start.Index), FlowText.Write(value, isFlow), _text.AsSpan(node.End));

    private string ReplaceValue(MapEntry entry, JsonNode? value, bool isFlow)
    {
        Node node = entry.Value;
        int afterKey = AfterKey(entry);
        if (node.End == node.Start.Index)
        {
            string colon = _text[afterKey - 1] == ':' && afterKey > entry.Key.End ? "" : ":";
            return _text.Insert(afterKey, $"{colon} {FlowText.Write(value, isFlow)}");
        }

        bool isBlock = node is MapNode { IsFlow: false } or ListNode { IsFlow: false };
        int lineStart = LineStart(node.Start.Index);
        if (!isBlock || lineStart <= afterKey)
        {
            return Replace(node, value, isFlow);
        }

        // The new value goes behind the key, before a comment there; the lines of the old one go.
        int breakStart = BreakBefore(lineStart);
        return string.Concat(
            _text.AsSpan(0, afterKey), " " + FlowText.Write(value, isFlow),
            _text.AsSpan(afterKey, breakStart - afterKey),
            _text.AsSpan(node.End));
    }

    private string Add(MapNode map, string key, JsonNode? value)
    {
        string entry = FlowText.Entry(key, value, map.IsFlow);
        if (map.Entries.Count == 0)
        {
            return _text.Insert(map.Start.Index + 1, entry);
        }

        int end = EndOf(map.Entries[^1]);
        return map.IsFlow
            ? _text.Insert(end, ", " + entry)
            : _text.Insert(LineEnd(end), LineBreak() + new string(' ', map.Entries[0].Key.Start.Column - 1) + entry);
    }

    private string RemoveFromFlow(MapNode map, int index)
    {
        int start = map.Entries[index].Key.Start.Index;
        int end = EndOf(map.Entries[index]);
        if (index + 1 < map.Entries.Count)
        {
            end = map.Entries[index + 1].Key.Start.Index;
        }
        else if (index > 0)
        {
            start = EndOf(map.Entries[index - 1]);
        }

        return _text.Remove(start, end - start);
    }

    private string RemoveFromBlock(MapNode map, int index)
    {
        int start = map.Entries[index].Key.Start.Index;
        int end = EndOf(map.Entries[index]);
        int lineStart = LineStart(start);
        if (map.Entries.Count == 1 && ReferenceEquals(map, _root))
        {
            throw new TandemException(SpecErrors.LastKey(_path));
        }

        if (!_text.AsSpan(lineStart, start - lineStart).IsWhiteSpace())
        {
            // The first key of a list item: what follows it takes its place.
            return index + 1 < map.Entries.Count
                ? _text.Remove(start, map.Entries[index + 1].Key.Start.Index - start)
                : string.Concat(_text.AsSpan(0, start), "{}", _text.AsSpan(end));
        }

        int lineEnd = LineEnd(end);
        int next = AfterBreak(lineEnd);
        return next > lineEnd ? _text.Remove(lineStart, next - lineStart) : _text[..BreakBefore(lineStart)];
    }

    private int EndOf(MapEntry entry) => Math.Max(entry.Value.End, AfterKey(entry));

    /// <summary>After the colon of a key; after the key itself where a flow mapping leaves the colon out.</summary>
    private int AfterKey(MapEntry entry)
    {
        int at = entry.Key.End;
        while (at < _text.Length && _text[at] is ' ' or '\t')
        {
            at++;
        }

        return at < _text.Length && _text[at] == ':' ? at + 1 : entry.Key.End;
    }

    private int LineStart(int index)
    {
        int start = index == 0 ? -1 : _text.AsSpan(0, index).LastIndexOfAny('\n', '\r');
        return start + 1;
    }

    private int LineEnd(int index)
    {
        int length = _text.AsSpan(index).IndexOfAny('\n', '\r');
        return length < 0 ? _text.Length : index + length;
    }

    private int AfterBreak(int index) =>
        index >= _text.Length ? index
        : _text[index] == '\r' && index + 1 < _text.Length && _text[index + 1] == '\n' ? index + 2
        : index + 1;

    private int BreakBefore(int lineStart) =>
        lineStart == 0 ? 0
        : lineStart > 1 && _text[lineStart - 1] == '\n' && _text[lineStart - 2] == '\r' ? lineStart - 2
        : lineStart - 1;

    private string LineBreak()
    {
        int end = LineEnd(0);
        return end == _text.Length ? "\n" : _text[end..AfterBreak(end)];
    }
}
