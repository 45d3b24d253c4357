using Tandem.Faults;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tandem.Spec.Yaml;

/// <summary>Turns text into nodes that know their place. Stops at the first fault of syntax.</summary>
/// <remarks>Anchors, aliases and tags are refused: a design needs none of them, and aliases are how a small file
/// becomes a large one in memory.</remarks>
internal sealed class YamlReader
{
    /// <summary>Mappings and lists inside one another.</summary>
    public const int DeepestLevel = 16;

    /// <summary>Values in one file, keys included; the largest designs have a few thousand.</summary>
    public const int MostNodes = 20_000;

    private readonly Parser _parser;
    private readonly int _offset;
    private readonly string _text;
    private int _nodeCount;

    private YamlReader(string text)
    {
        _text = text;
        _offset = text.StartsWith('\uFEFF') ? 1 : 0;
        _parser = new Parser(new Scanner(new StringReader(text[_offset..]), skipComments: true));
    }

    /// <summary>Reads one document.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="fault">What is wrong, and its place; null where nothing is.</param>
    /// <returns>The document, or null where it is empty or a fault stopped the reading.</returns>
    public static Node? Read(string text, out (Mark Mark, Fault Fault)? fault)
    {
        fault = null;
        YamlReader reader = new(text);
        try
        {
            return reader.ReadDocument();
        }
        catch (RefusedYamlException refused)
        {
            fault = (refused.Mark, refused.Fault);
        }
        catch (YamlException wrong)
        {
            fault = SyntaxFaults.Of(wrong.Message, reader.At(wrong.Start), text);
        }
        catch (Exception wrong) when (
            wrong is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // YamlDotNet's scanner leaves some broken texts with these instead of its own exception.
            fault = SyntaxFaults.Of("", reader.At(reader._parser.Current?.End ?? YamlDotNet.Core.Mark.Empty), text);
        }

        return null;
    }

    private Node? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        Node root = ReadNode(level: 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out _))
        {
            throw new RefusedYamlException(At(_parser.Consume<DocumentStart>().Start), SpecErrors.SecondDocument());
        }

        _parser.Consume<StreamEnd>();
        return root is ScalarNode { IsNull: true } ? null : root;
    }

    private Node ReadNode(int level)
    {
        ParsingEvent next = _parser.Consume<ParsingEvent>();
        Mark start = At(next.Start);
        if (next is AnchorAlias alias)
        {
            throw new RefusedYamlException(start, SpecErrors.Alias(alias.Value.Value));
        }

        if (next is not NodeEvent value)
        {
            throw new RefusedYamlException(
                start, SpecErrors.Syntax("A value is missing here.", "Write a key and a value."));
        }

        if (++_nodeCount > MostNodes)
        {
            throw new RefusedYamlException(start, SpecErrors.TooManyValues(MostNodes));
        }

        RefuseAnchorAndTag(value, start);
        if (next is Scalar scalar)
        {
            return new ScalarNode(start, EndOf(scalar), scalar.Value, scalar.Style == ScalarStyle.Plain);
        }

        return level == DeepestLevel
            ? throw new RefusedYamlException(start, SpecErrors.TooDeep(DeepestLevel))
            : next is MappingStart map ? ReadMap(map, level) : ReadList((SequenceStart)next, level);
    }

    private MapNode ReadMap(MappingStart map, int level)
    {
        List<MapEntry> entries = [];
        while (!_parser.Accept<MappingEnd>(out _))
        {
            entries.Add(ReadEntry(level));
        }

        MappingEnd end = _parser.Consume<MappingEnd>();
        bool isFlow = map.Style == MappingStyle.Flow;
        int after = isFlow || entries.Count == 0
            ? AfterBracket(end)
            : Math.Max(entries[^1].Value.End, entries[^1].Key.End);
        return new MapNode(At(map.Start), after, entries, isFlow);
    }

    private MapEntry ReadEntry(int level)
    {
        Node key = ReadNode(level + 1);
        if (key is not ScalarNode name)
        {
            throw new RefusedYamlException(key.Start, SpecErrors.ComplexKey());
        }

        return new MapEntry(name, ReadNode(level + 1));
    }

    private ListNode ReadList(SequenceStart list, int level)
    {
        List<Node> items = [];
        while (!_parser.Accept<SequenceEnd>(out _))
        {
            items.Add(ReadNode(level + 1));
        }

        SequenceEnd end = _parser.Consume<SequenceEnd>();
        bool isFlow = list.Style == SequenceStyle.Flow;
        int after = isFlow || items.Count == 0 ? AfterBracket(end) : items[^1].End;
        return new ListNode(At(list.Start), after, items, isFlow);
    }

    private static void RefuseAnchorAndTag(NodeEvent node, Mark start)
    {
        if (!node.Anchor.IsEmpty)
        {
            throw new RefusedYamlException(start, SpecErrors.Anchor(node.Anchor.Value));
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            throw new RefusedYamlException(start, SpecErrors.Tag(node.Tag.Value));
        }

        if (!node.Tag.IsEmpty && node is Scalar { Style: ScalarStyle.Plain })
        {
            throw new RefusedYamlException(start, SpecErrors.Tag("!"));
        }
    }

    /// <summary>After the bracket that closes a flow collection: its event ends where it starts.</summary>
    private int AfterBracket(ParsingEvent end)
    {
        int index = At(end.Start).Index;
        return index < _text.Length && _text[index] is '}' or ']' ? index + 1 : index;
    }

    /// <summary>Block scalars end after their last line break, an empty value nowhere: both are cut back.</summary>
    private int EndOf(Scalar scalar)
    {
        int start = At(scalar.Start).Index;
        int end = At(scalar.End).Index;
        while (end > start && char.IsWhiteSpace(_text[end - 1]))
        {
            end--;
        }

        return end;
    }

    private Mark At(YamlDotNet.Core.Mark mark) =>
        new(Math.Min((int)mark.Index + _offset, _text.Length), (int)mark.Line, (int)mark.Column);

    /// <summary>Well-formed YAML that a design may not use.</summary>
    private sealed class RefusedYamlException(Mark mark, Fault fault) : TandemException(fault)
    {
        public Mark Mark { get; } = mark;
    }
}
