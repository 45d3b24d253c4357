using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tandem.Workspace;

/// <summary>Files of advice: answers that are read, and proposals that are written.</summary>
public static class AdviceFiles
{
    /// <summary>Reads answers.</summary>
    /// <param name="path">A JSON object: <c>{"then": "act", "base_rate": 0.02}</c>.</param>
    /// <returns>The answers as they would be typed, by key.</returns>
    /// <exception cref="Tandem.Faults.TandemException">WSP097: it is not there, or something else.</exception>
    public static IReadOnlyDictionary<string, string> ReadAnswers(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject all
                ? all.ToDictionary(
                    static pair => pair.Key, static pair => (pair.Value as JsonValue)?.ToString() ?? "", StringComparer.Ordinal)
                : throw new JsonException("it is no JSON object");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw WorkspaceErrors.NoAnswers(path, wrong);
        }
    }

    /// <summary>Writes a proposal where no file is yet.</summary>
    /// <param name="path">Where.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="Tandem.Faults.TandemException">WSP001: the file is already there; WSP097: it cannot be
    /// written.</exception>
    public static void Write(string path, string text)
    {
        if (File.Exists(path))
        {
            throw WorkspaceErrors.AlreadyThere(path);
        }

        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw WorkspaceErrors.NoAnswers(path, wrong);
        }
    }
}
