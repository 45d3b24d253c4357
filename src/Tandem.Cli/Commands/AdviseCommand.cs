using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using Tandem.Spec;
using Tandem.Spec.Advice;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem advise</c>: the few questions that decide a design, and a tandem.yaml that follows from the answers, line
/// by line with its reason.</summary>
internal static class AdviseCommand
{
    public static Verb Build(Terminal terminal)
    {
        var flags = AdviceQuestion.Onto(null).ToDictionary(
            static question => question.Key,
            static question => new Option<string?>("--" + question.Key.Replace('_', '-')) { Description = Asked(question) },
            StringComparer.Ordinal);
        Option<string?> answers = new("--answers")
        {
            Description = "A JSON file of answers: {\"then\": \"act\", \"base_rate\": 0.02}. Flags go first.",
        };
        Option<string?> spec = new("--spec", "-s") { Description = "A tandem.yaml that the lines are proposed onto." };
        Option<string?> target = new("--out") { Description = "Where to write the proposal; must not exist yet." };
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "advise", "Ask what decides a design, and propose a tandem.yaml",
            "tandem advise",
            "tandem advise --then act --base-rate 0.02 --cost-missed 20 --label-delay 7d --out tandem.yaml",
            "tandem advise --answers answers.json --json");
        foreach (Option option in (Option[])[.. flags.Values, answers, spec, target, json])
        {
            verb.Options.Add(option);
        }

        verb.SetAction(async (result, cancellationToken) =>
        {
            Dictionary<string, string> given = new(StringComparer.Ordinal);
            if (result.GetValue(answers) is { } file)
            {
                given = new(AdviceFiles.ReadAnswers(file), StringComparer.Ordinal);
            }

            foreach ((string key, Option<string?> flag) in flags)
            {
                if (result.GetValue(flag) is { } said)
                {
                    given[key] = said;
                }
            }

            SpecVocabulary vocabulary = WorkspaceVocabulary.Build();
            SpecFile? onto = result.GetValue(spec) is { } path ? SpecFile.Load(path, vocabulary) : null;
            await AskAsync(terminal, AdviceQuestion.Onto(onto), given, cancellationToken);
            AdviceProposal proposal = SystemAdvice.Propose(AdviceAnswers.Of(given, onto), vocabulary, onto);
            if (result.GetValue(target) is { } written)
            {
                AdviceFiles.Write(written, proposal.File.Text);
            }

            if (result.GetValue(json))
            {
                Terminal.WriteJson(Json(proposal));
            }
            else
            {
                Show(terminal, proposal, result.GetValue(target));
            }

            terminal.Fail(proposal.File.Faults);
            return proposal.File.Faults.Count == 0 ? 0 : 1;
        });
        return verb;
    }

    /// <summary>A question with the answers that it knows.</summary>
    private static string Asked(AdviceQuestion question) => question.Choices.Count == 0
        ? question.Text
        : $"{question.Text} {string.Join(", ", question.Choices.Select(static choice => $"{choice.Word} ({choice.Meaning})"))}";

    /// <summary>Asks a person for what is not said yet; nobody where there is none at the keyboard.</summary>
    private static async Task AskAsync(
        Terminal terminal, IReadOnlyList<AdviceQuestion> questions, Dictionary<string, string> given,
        CancellationToken cancellationToken)
    {
        if (given.Count > 0 || terminal.Prompt("advise") is not { } prompt)
        {
            return;
        }

        foreach (AdviceQuestion question in questions)
        {
            string hint = question.Default.Length > 0 ? $" [grey](Enter: {Markup.Escape(question.Default)})[/]" : "";
            terminal.Say(Markup.Escape(Asked(question)) + hint);
            string said = await prompt.ReadAsync(isNext: false, cancellationToken);
            if (prompt.IsEnd)
            {
                return;
            }

            given[question.Key] = said;
        }
    }

    private static void Show(Terminal terminal, AdviceProposal proposal, string? written)
    {
        foreach (AdviceLine line in proposal.Lines)
        {
            if (line.Was is not null)
            {
                terminal.Say($"[red]- {Markup.Escape($"{line.Path}: {line.SaidBefore}")}[/]");
            }

            terminal.Say($"[green]+ {Markup.Escape($"{line.Path}: {line.Said}")}[/]");
            terminal.Say($"  [grey]{Markup.Escape(line.Reason)}[/]");
        }

        if (proposal.Lines.Count == 0)
        {
            terminal.Say("Nothing to change: the file says what the answers ask for.");
        }
        else if (written is not null)
        {
            terminal.Say($"Wrote [green]{Markup.Escape(written)}[/]. Next: [bold]tandem check --spec {Markup.Escape(written)}[/]");
        }
        else
        {
            terminal.Say("[grey]--out FILE writes it.[/]");
        }
    }

    private static byte[] Json(AdviceProposal proposal)
    {
        JsonObject all = new()
        {
            ["lines"] = new JsonArray(
            [
                .. proposal.Lines.Select(static line => new JsonObject
                {
                    ["path"] = line.Path,
                    ["value"] = line.Value.DeepClone(),
                    ["was"] = line.Was?.DeepClone(),
                    ["reason"] = line.Reason,
                }),
            ]),
            ["text"] = proposal.File.Text,
        };
        return System.Text.Encoding.UTF8.GetBytes(all.ToJsonString());
    }
}
