using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Grammar;
using Tandem.Spec.Sections;

namespace Tandem.Spec;

/// <summary>The JSON Schema of tandem.yaml, for editors that complete and check while one types.</summary>
public static class SpecSchema
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the schema (draft 2020-12) from the declarations that the parser reads by.</summary>
    /// <param name="vocabulary">The words that a design may use; model kinds come with their parameters.</param>
    /// <returns>Indented JSON that ends with a line break. References between sections, such as a label to its source,
    /// are beyond a schema: <see cref="SpecFile"/> checks them.</returns>
    public static string Write(SpecVocabulary vocabulary)
    {
        SchemaWriter writer = new(vocabulary);
        JsonObject schema = new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "tandem.yaml",
            ["description"] =
                "A machine-learning system: objective, data, features, model, training, serving and monitoring.",
        };
        foreach ((string name, JsonNode? value) in writer.Of(SystemSection.Shape))
        {
            schema[name] = value?.DeepClone();
        }

        schema["$defs"] = writer.Definitions;
        return schema.ToJsonString(Options) + "\n";
    }
}
