using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem schema</c>: the JSON Schema of tandem.yaml, from the code that reads it.</summary>
internal static class SchemaCommand
{
    public static Verb Build()
    {
        Verb verb = new(
            "schema", "Print the JSON Schema of tandem.yaml, for editors", "tandem schema > tandem.schema.json");
        verb.SetAction(_ => Terminal.Write(WorkspaceVocabulary.Schema()));
        return verb;
    }
}
