using Tandem.Faults;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>One reading of one file: the words it may use, and the faults found so far.</summary>
internal sealed class Reading(string fileName, SpecVocabulary vocabulary)
{
    private readonly List<(Mark Mark, Fault Fault)> _faults = [];
    private readonly HashSet<int> _places = [];
    private readonly List<string> _path = [];

    public SpecVocabulary Vocabulary { get; } = vocabulary;

    /// <summary>The faults in the order of the text.</summary>
    public IReadOnlyList<Fault> Faults =>
        [.. _faults.OrderBy(static found => found.Mark.Index).Select(static found => found.Fault)];

    /// <summary>Where the reading is, as a message names it: <c>serving.slots</c>; <c>The file</c> at the
    /// top.</summary>
    public string Path => _path.Count == 0 ? "The file" : string.Join('.', _path);

    /// <summary>The same as the end of a sentence: <c>in 'serving'</c>, <c>at the top of the file</c>.</summary>
    public string Where => _path.Count == 0 ? "at the top of the file" : $"in '{Path}'";

    public void Enter(string name) => _path.Add(name);

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    /// <summary>Adds a fault at a node. Of several faults at one place the first, which caused the rest, is
    /// kept.</summary>
    public void Report(Node node, Fault fault) => Report(node.Start, fault);

    /// <summary>Adds a fault at a place.</summary>
    public void Report(Mark mark, Fault fault)
    {
        if (_places.Add(mark.Index))
        {
            Add(mark, fault);
        }
    }

    /// <summary>Adds a fault of a value as a whole: several may share its place.</summary>
    public void ReportWhole(Node node, Fault fault) => Add(node.Start, fault);

    private void Add(Mark mark, Fault fault) =>
        _faults.Add((mark, fault with { Place = $"{fileName}:{mark.Line}:{mark.Column}" }));
}
