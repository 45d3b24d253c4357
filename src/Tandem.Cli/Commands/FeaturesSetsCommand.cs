using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tandem.Features;
using Tandem.Training;
using Tandem.Training.Leaks;
using Tandem.Workspace;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem features build</c>, <c>check</c>, <c>ls</c>, <c>show</c> and <c>diff</c>: training sets.</summary>
internal static class FeaturesSetsCommand
{
    public static Verb BuildBuild(Terminal terminal) => BuildOf(
        terminal, "build", "Build a training set from impressions as of their moments, and save it under its hash",
        isSaved: true, "tandem features build", "tandem features build --from 2026-01-01 --to 2026-01-08 --rows 200000",
        "tandem features build --as-of 2026-01-08 --json");

    public static Verb BuildCheck(Terminal terminal) => BuildOf(
        terminal, "check", "Look for leaks: does a training set know what it is to predict? Saves nothing",
        isSaved: false, "tandem features check", "tandem features check --from 2026-01-01 --to 2026-01-08 --json");

    public static Verb BuildList(Terminal terminal)
    {
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Verb verb = new("ls", "List the saved training sets", "tandem features ls", "tandem features ls --json")
        {
            spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: true, cancellationToken);
            IReadOnlyList<(string Hash, TrainingSetDescription Description)> sets =
                await workspace.SetsAsync(cancellationToken);
            if (result.GetValue(json))
            {
                Terminal.WriteJson(FeaturesJson.Write(sets));
                return 0;
            }

            terminal.Table(
                ["hash", "as of", "rows", "features", "lake manifest"],
                sets.Select(set => (IReadOnlyList<string>)
                [
                    Short(set.Hash), Text(set.Description.AsOf), Terminal.Count(set.Description.Rows),
                    Terminal.Count(set.Description.Features.Count), Terminal.Count(set.Description.Manifest),
                ]),
                textColumns: 2);
            return 0;
        });
        return verb;
    }

    public static Verb BuildShow(Terminal terminal)
    {
        Argument<string> hash = new("HASH") { Description = "The set's hash, or its first six digits or more." };
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "show", "Show what a training set is: rows, labels, versions, and each feature's figures",
            "tandem features show 9f3ac2", "tandem features show 9f3ac2 --json")
        {
            hash, spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: true, cancellationToken);
            var summary = TrainingSetSummary.Of(
                await workspace.SetAsync(result.GetRequiredValue(hash), cancellationToken));
            if (result.GetValue(json))
            {
                Terminal.WriteJson(FeaturesJson.Write(summary));
            }
            else
            {
                Show(terminal, summary);
            }

            return 0;
        });
        return verb;
    }

    public static Verb BuildDiff(Terminal terminal)
    {
        Argument<string> before = new("BEFORE") { Description = "Hash of the first set." };
        Argument<string> after = new("AFTER") { Description = "Hash of the second." };
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "diff", "Compare two training sets: definitions, rows, labels, values; exit 1 where they differ",
            "tandem features diff 9f3ac2 01e48b", "tandem features diff 9f3ac2 01e48b --json")
        {
            before, after, spec, store, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: true, cancellationToken);
            var difference = TrainingSetDifference.Of(
                await workspace.SetAsync(result.GetRequiredValue(before), cancellationToken),
                await workspace.SetAsync(result.GetRequiredValue(after), cancellationToken));
            if (result.GetValue(json))
            {
                Terminal.WriteJson(FeaturesJson.Write(difference));
            }
            else
            {
                Show(terminal, difference);
            }

            return difference.IsNone ? 0 : 1;
        });
        return verb;
    }

    /// <summary>Says what looks like a leak.</summary>
    public static void Show(Terminal terminal, IReadOnlyList<LeakFinding> leaks)
    {
        foreach (LeakFinding leak in leaks)
        {
            terminal.Say(
                $"[{(leak.IsError ? "red]leak" : "yellow]perhaps a leak")}[/] {Markup.Escape(leak.Column ?? "rows")}: " +
                Markup.Escape(leak.Evidence));
            foreach (string row in leak.Rows)
            {
                terminal.Say($"  [grey]{Markup.Escape(row)}[/]");
            }

            terminal.Say($"  [grey]→[/] {Markup.Escape(leak.Fix)}");
        }
    }

    private static Verb BuildOf(
        Terminal terminal, string name, string description, bool isSaved, params string[] examples)
    {
        Option<DateTimeOffset?> from = Flags.Moment("--from", "Start of the impressions' window; default a day before its end.");
        Option<DateTimeOffset?> to = Flags.Moment("--to", "End of the window; default the newest whose labels are certain.");
        Option<DateTimeOffset?> asOf = Flags.Moment("--as-of", "Only what was known then counts; default now.");
        Option<int> rows = new("--rows")
        {
            Description = "Most rows; whole requests are left out by hash where there are more.",
            DefaultValueFactory = _ => LabelledSetRequest.DefaultRows,
        };
        rows.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int count) && count < 1)
            {
                result.AddError($"--rows {count} would leave nothing; write 1 or more.");
            }
        });
        Option<bool> anew = new("--anew") { Description = "Compute every view, even where a saved set has its values." };
        Option<string> spec = Flags.Spec();
        Option<string?> store = Flags.Store();
        Option<bool> json = Flags.Json();
        Verb verb = new(name, description, examples) { from, to, asOf, rows, anew, spec, store, json };
        verb.SetAction(async (result, cancellationToken) =>
        {
            await using TandemWorkspace workspace = await Flags.OpenAsync(
                result, spec, store, isReader: !isSaved, cancellationToken);
            (LabelledSet set, IReadOnlyList<LeakFinding> leaks) = await terminal.ProgressAsync(progress =>
                workspace.BuildSetAsync(
                    result.GetValue(from), result.GetValue(to), result.GetValue(asOf), result.GetValue(rows),
                    result.GetValue(anew), progress, cancellationToken));
            if (isSaved)
            {
                await workspace.SaveSetAsync(set.Set, cancellationToken);
            }

            var summary = TrainingSetSummary.Of(set.Set);
            if (result.GetValue(json))
            {
                Terminal.WriteJson(FeaturesJson.Write(new BuiltSet(summary, set.Immature, leaks, set.Set.Reused)));
            }
            else
            {
                Show(terminal, summary);
                ShowReused(terminal, set.Set);
                terminal.Say($"{Terminal.Count(set.Immature)} impressions of the window were left out: their labels may still come.");
                Show(terminal, leaks);
                terminal.Say(leaks.Count == 0 ? "[green]No leak found.[/]" : "");
            }

            return leaks.Any(static leak => leak.IsError) ? 1 : 0;
        });
        return verb;
    }

    private static void Show(Terminal terminal, TrainingSetSummary summary)
    {
        string parts = string.Join(", ", summary.Parts.Select(part => $"{part.Key} {Terminal.Count(part.Value)}"));
        terminal.Say(
            $"Training set [bold]{summary.Hash}[/]: {Terminal.Count(summary.Description.Rows)} rows" +
            (parts.Length == 0 ? "" : $" ({Markup.Escape(parts)})") +
            (summary.LabelRate is { } rate ? $", {Terminal.Number(100 * rate, 2)} % positive" : "") +
            $", from {Text(summary.First)} to {Text(summary.Last)}, as of {Text(summary.Description.AsOf)}, lake manifest " +
            $"{summary.Description.Manifest}.");
        terminal.Table(
            ["feature", "null %", "mean", "5 %", "median", "95 %", "view's version"],
            summary.Columns.Select(column => (IReadOnlyList<string>)
            [
                Markup.Escape(column.Name), Terminal.Number(100 * column.NullRate, 1), Number(column.Mean),
                Number(column.Low), Number(column.Median), Number(column.High),
                Short(summary.Description.Views[column.Name[..column.Name.IndexOf(':')]]),
            ]));
    }

    private static void ShowReused(Terminal terminal, TrainingSet set)
    {
        foreach (IGrouping<string, string> views in set.Reused.ToLookup(
            static pair => pair.Value, static pair => pair.Key, StringComparer.Ordinal))
        {
            terminal.Say($"Taken over from {Short(views.Key)}: {Markup.Escape(string.Join(", ", views))}.");
        }

        string[] computed = [.. set.Description.Views.Keys.Except(set.Reused.Keys, StringComparer.Ordinal)];
        terminal.Say($"Computed: {(computed.Length == 0 ? "nothing" : Markup.Escape(string.Join(", ", computed)))}.");
    }

    private static void Show(Terminal terminal, TrainingSetDifference difference)
    {
        terminal.Say(
            $"{Terminal.Count(difference.Shared)} rows in both, {Terminal.Count(difference.OnlyBefore)} only before, " +
            $"{Terminal.Count(difference.OnlyAfter)} only after; {Terminal.Count(difference.Labels)} labels changed.");
        foreach (ViewDifference view in difference.Views)
        {
            terminal.Say(
                $"View [bold]{Markup.Escape(view.Name)}[/]: {Version(view.Before)} → {Version(view.After)}");
            foreach (DefinitionChange change in view.Changes ?? [])
            {
                terminal.Say(
                    $"  {Markup.Escape(change.Key)}: {Markup.Escape(change.Before ?? "not there")} → " +
                    Markup.Escape(change.After ?? "not there"));
            }
        }

        terminal.Table(
            ["feature", "changed", "to or from null", "mean change", "largest"],
            difference.Columns.Where(static column => column is not { Changed: 0, OnlyIn: null })
                .Select(column => (IReadOnlyList<string>)
                [
                    Markup.Escape(column.Name),
                    column.OnlyIn is { } only ? $"only {only}" : Terminal.Count(column.Changed),
                    Terminal.Count(column.Nulls), Number(column.MeanChange), Number(column.LargestChange),
                ]));
        terminal.Say(difference.IsNone ? "[green]The sets agree.[/]" : "");
    }

    private static string Version(string? version) => version is null ? "not there" : Short(version);

    private static string Short(string hash) => hash[(hash.IndexOf(':') + 1)..][..12];

    private static string Number(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "";

    private static string Text(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
