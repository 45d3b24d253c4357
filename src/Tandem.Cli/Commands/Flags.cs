using System.Collections;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Tandem.Spec;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary>Flags that several verbs share.</summary>
internal static class Flags
{
    public static Option<bool> Json() => new("--json")
    {
        Description = "Write one JSON object to standard output, for machines.",
    };

    public static Option<string> Spec() => new("--spec", "-s")
    {
        Description = "The system's file.",
        DefaultValueFactory = _ => "tandem.yaml",
    };

    public static Option<string?> Store() => new("--store")
    {
        Description = "Folder or s3://bucket/prefix for everything durable; default: what the file says.",
    };

    /// <summary>Reads a flag that takes a length of time.</summary>
    public static TimeSpan? ParseLength(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (DurationText.TryRead(text, out TimeSpan length))
        {
            return length;
        }

        string flag = argument.Parent is OptionResult option ? option.Option.Name : argument.Argument.Name;
        argument.AddError($"{flag} '{text}' is no length of time such as 12h or 7d.");
        return null;
    }

    /// <summary>A moment, in UTC where it names no zone.</summary>
    public static Option<DateTimeOffset?> Moment(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment))
            {
                return moment.ToUniversalTime();
            }

            result.AddError($"{name} '{text}' is no moment; write one like 2026-01-31 or 2026-01-31T12:30.");
            return null;
        },
    };

    /// <summary>Opens the system that the flags name.</summary>
    public static Task<TandemWorkspace> OpenAsync(
        ParseResult result, Option<string> spec, Option<string?> store, bool isReader,
        CancellationToken cancellationToken) =>
        TandemWorkspace.OpenAsync(
            OnThisMachine(new WorkspaceOptions
            {
                SpecPath = result.GetRequiredValue(spec),
                Store = result.GetValue(store),
                IsReader = isReader,
            }),
            cancellationToken);

    /// <summary>Options with the settings of this machine: tandem.json and the environment.</summary>
    public static WorkspaceOptions OnThisMachine(WorkspaceOptions options) => HostSettings.Apply(options, Variables());

    private static IEnumerable<KeyValuePair<string, string>> Variables() =>
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        select KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? "");
}
