using System.CommandLine;
using System.Runtime.InteropServices;
using Spectre.Console;
using Tandem.Bench;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem bench</c>: what this machine reaches, beside its peers and limits, as ratios from one
/// run.</summary>
internal static class BenchCommand
{
    private const string PasswordVariable = "TANDEM__FEATURES__PASSWORD";

    public static Verb Build(Terminal terminal)
    {
        string[] known = [.. Benchmarks.All.Select(static benchmark => benchmark.Name)];
        Argument<string[]> names = new("SUBJECT")
        {
            Description = $"What to measure: {string.Join(", ", known)}; all where none is named.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.AcceptOnlyFromAmong(known);
        Option<string> folder = Flag("--folder", "Folder on the disk to measure; what is written there is removed.", ".");
        Option<double> seconds = Flag("--seconds", "Length of one measurement.", 2d);
        Option<int> rounds = Flag("--rounds", "How often ours and its peer take turns.", 5);
        Option<long> rows = Flag("--rows", "Events that 'sets' makes training sets from, half as many labels; vectors of 'nearest'.", 1_000_000L);
        Option<string?> journal = Flag<string?>(
            "--journal",
            "Measure a broker's streams too: amqp://user:password@host:port. Makes some, and deletes them.", null);
        Option<string?> store = Store();
        Option<string?> hnswlib = Hnswlib();
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "bench", "Measure this machine: each figure beside its peer or limit, as a ratio from one run",
            "tandem bench journal", "tandem bench journal --folder /var/lib/tandem --json",
            "tandem bench journal --journal amqp://tandem:secret@127.0.0.1:5672")
        {
            names, folder, seconds, rounds, rows, journal, store, hnswlib, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            BenchOptions options = new()
            {
                Folder = Path.GetFullPath(result.GetRequiredValue(folder)),
                Seconds = result.GetValue(seconds),
                Rounds = result.GetValue(rounds),
                Rows = result.GetValue(rows),
                Broker = result.GetValue(journal),
                FeatureServer = result.GetValue(store),
                NearestPeer = result.GetValue(hnswlib),
                FeaturePassword = Environment.GetEnvironmentVariable(PasswordVariable),
            };
            string[] wanted = result.GetValue(names) is { Length: > 0 } some ? some : known;
            List<BenchSubject> subjects = [];
            foreach (IBenchmark benchmark in Benchmarks.All.Where(benchmark => wanted.Contains(benchmark.Name)))
            {
                terminal.Head(benchmark.Description);
                BenchSubject subject = new(benchmark.Name, await benchmark.RunAsync(options, cancellationToken));
                subjects.Add(subject);
                Show(terminal, subject);
            }

            if (result.GetValue(json))
            {
                BenchReport report = new(
                    Environment.ProcessorCount, RuntimeInformation.OSDescription,
                    RuntimeInformation.FrameworkDescription, options.Folder, subjects);
                Terminal.WriteJson(report.ToJson());
            }

            return 0;
        });
        return verb;
    }

    private static Option<string?> Store() => Flag<string?>(
        "--store",
        "Measure online features in PostgreSQL too: postgres://user@host:port/database, with the password in "
        + $"{PasswordVariable}. Makes a schema, and drops it.", null);

    private static Option<string?> Hnswlib() => Flag<string?>(
        "--hnswlib", "Program built from bench/peers/hnsw.cpp, which 'nearest' is measured against.", null);

    private static Option<T> Flag<T>(string name, string description, T value) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => value,
    };

    private static void Show(Terminal terminal, BenchSubject subject) =>
        terminal.Table(
            [subject.Name, "ours", "peer", "ratio", "rounds", "asked for", "beside"],
            subject.Figures.Select(figure => (IReadOnlyList<string>)
            [
                Markup.Escape(figure.Name),
                $"{Number(figure.Value)} {Markup.Escape(figure.Unit)}",
                figure.PeerValue is { } peer ? Number(peer) : "",
                figure.Ratio is { } ratio ? Terminal.Number(ratio, 2) : "",
                figure.RatioRange is [var least, var most] ? $"{least:F2}–{most:F2}" : "",
                Asked(figure),
                Markup.Escape(figure.Peer ?? ""),
            ]));

    private static string Asked(Figure figure)
    {
        string text = string.Join(", ", new[]
        {
            figure.RatioAtLeast is { } ratio ? $"ratio ≥ {Terminal.Number(ratio, 2)}" : "",
            figure.AtLeast is { } least ? $"≥ {Number(least)}" : "",
            figure.AtMost is { } most ? $"≤ {Number(most)}" : "",
        }.Where(static part => part.Length > 0));
        return figure.IsMet switch
        {
            true => $"[green]{text}[/]",
            false => $"[yellow]{text}: missed[/]",
            null => "",
        };
    }

    private static string Number(double value) =>
        value >= 100 ? Terminal.Count((long)Math.Round(value)) : Terminal.Number(value, 1);
}
