using System.Text;
using System.Text.Json.Nodes;
using Tandem.Spec.Sections;
using Tandem.Spec.Yaml;

namespace Tandem.Spec;

/// <summary>Writes a design that was made in code as the tandem.yaml that means the same.</summary>
public static class SpecYaml
{
    private const int LongestLine = 110;

    /// <summary>Writes a design. What is a default goes without saying.</summary>
    /// <param name="spec">The design.</param>
    /// <returns>The text; read again it has the same <see cref="SpecFile.Hash"/>.</returns>
    public static string Write(SystemSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.IsTabular || LearningTask.Find(spec.Objective.Task) is { IsOrdered: false })
        {
            // Such a task retrieves nothing; the model that stands there is a default that was filled in.
            spec = spec with { Model = spec.Model with { Retrieve = new ModelSpec().Retrieve } };
        }

        StringBuilder text = new();
        Write((JsonObject)SystemSection.Shape.Say(spec)!, 0, text);
        return text.ToString();
    }

    private static void Write(JsonObject map, int indent, StringBuilder text)
    {
        foreach ((string key, JsonNode? value) in map)
        {
            string line = FlowText.Entry(key, value);
            bool isBlock = value is JsonObject { Count: > 0 } section
                && (indent == 0 || indent + line.Length > LongestLine || section.Any(static each => each.Value is JsonObject));
            text.Append(' ', indent);
            if (isBlock)
            {
                text.Append(FlowText.Entry(key, "")[..^2].TrimEnd()).Append('\n');
                Write((JsonObject)value!, indent + 2, text);
            }
            else
            {
                text.Append(line).Append('\n');
            }
        }
    }
}
