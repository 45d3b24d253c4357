using System.Text.Json.Nodes;
using Tandem.Faults;
using Tandem.Spec.Yaml;

namespace Tandem.Spec;

public sealed partial class SpecFile
{
    /// <summary>Sets a value by cutting it into the text: comments, order, layout and every other byte stay.</summary>
    /// <param name="path">Keys joined by dots, such as <c>training.seed</c>; a number counts items of a list from 0.
    /// Mappings that are missing on the way are added.</param>
    /// <param name="value">Text, number, flag, list or mapping; null writes YAML's own null. A text is quoted only
    /// where YAML would read something else. Lists and mappings are written on one line.</param>
    /// <returns>The edited file, read and validated again: a value that does not fit is among its faults.</returns>
    /// <exception cref="TandemException">SPC040: the text is not YAML, or a step of the path is no mapping.</exception>
    public SpecFile With(string path, JsonNode? value) =>
        Read(FileName, Splice.Set(Text, RootOrThrow(path), Steps(path), value), _vocabulary);

    /// <summary>Removes a key with its value, or does nothing where there is none; every other byte stays.</summary>
    /// <param name="path">Keys joined by dots, such as <c>training.window</c>.</param>
    /// <returns>The edited file, read and validated again.</returns>
    /// <exception cref="TandemException">SPC040: the text is not YAML, a step of the path is no mapping, or the key is
    /// the last of the file.</exception>
    public SpecFile Without(string path) =>
        Read(FileName, Splice.Remove(Text, RootOrThrow(path), Steps(path)), _vocabulary);

    private static string[] Steps(string path)
    {
        string[] steps = path.Split('.');
        return steps.All(static step => step.Length > 0)
            ? steps
            : throw new ArgumentException($"'{path}' is not a path such as training.seed.", nameof(path));
    }

    private Node RootOrThrow(string path) =>
        Root ?? throw new TandemException(SpecErrors.NothingToEdit(path, FileName));
}
