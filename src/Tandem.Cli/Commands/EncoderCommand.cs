using System.CommandLine;
using Spectre.Console;
using Tandem.Workspace.Pictures;

namespace Tandem.Cli.Commands;

/// <summary><c>tandem encoder</c>: trains an encoder of pictures, as an ONNX file.</summary>
internal static class EncoderCommand
{
    private const int SkippedShown = 5;

    public static Verb Build(Terminal terminal) => new(
        "encoder", "Train an encoder of pictures on your own, for the encoder 'image' of tandem.yaml",
        "tandem encoder train --pictures products --out encoder.onnx")
    {
        BuildTrain(terminal),
    };

    private static Verb BuildTrain(Terminal terminal)
    {
        EncoderRequest defaults = new() { Pictures = "" };
        Option<string> pictures = new("--pictures")
        {
            Description = "Folder with a folder of PNG, JPEG or WebP files for each class.",
            Required = true,
        };
        Option<string> target = new("--out") { Description = "The ONNX file to write.", Required = true };
        Option<int> size = Number("--size", "Rows and columns that the encoder looks at, 8 to 512.", defaults.Size);
        Option<int> length = Number("--length", "Numbers of an embedding, 1 to 4,096.", defaults.Length);
        Option<int> epochs = Number("--epochs", "Times that as many pictures are looked at as there are.", defaults.Epochs);
        Option<ulong> seed = Number("--seed", "Seed of everything random.", defaults.Seed);
        Option<bool> isGrey = new("--grey") { Description = "Colours tell nothing: look at light and dark alone." };
        Option<bool> turns = new("--turns")
        {
            Description = "A class turned by a quarter, or in a mirror, is another class, as with characters.",
        };
        Option<double> holdOut = Number("--hold-out", "Share of the classes to keep back and judge by.", defaults.HoldOut);
        Option<bool> json = Flags.Json();
        Verb verb = new(
            "train", "Learn to tell the classes of a folder apart, and pictures of classes never met",
            "tandem encoder train --pictures products --out encoder.onnx",
            "tandem encoder train --pictures drawings --out encoder.onnx --grey --turns --size 48 --epochs 100",
            "tandem encoder train --pictures products --out encoder.onnx --hold-out 0 --json")
        {
            pictures, target, size, length, epochs, seed, isGrey, turns, holdOut, json,
        };
        verb.SetAction(async (result, cancellationToken) =>
        {
            EncoderRequest request = new()
            {
                Pictures = result.GetRequiredValue(pictures),
                Size = result.GetValue(size),
                Length = result.GetValue(length),
                Epochs = result.GetValue(epochs),
                Seed = result.GetValue(seed),
                IsGrey = result.GetValue(isGrey),
                Turns = result.GetValue(turns),
                HoldOut = result.GetValue(holdOut),
            };
            EncoderReport report = await terminal.ProgressAsync(progress =>
                EncoderTraining.RunAsync(request, result.GetRequiredValue(target), progress, cancellationToken));
            if (result.GetValue(json))
            {
                Terminal.WriteJson(report.ToJson());
                return 0;
            }

            Show(terminal, report, result.GetRequiredValue(target));
            return 0;
        });
        return verb;
    }

    private static Option<T> Number<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    private static void Show(Terminal terminal, EncoderReport report, string path)
    {
        List<IReadOnlyList<string>> rows =
        [
            ["learned from", $"{Terminal.Count(report.Pictures)} pictures of {Terminal.Count(report.Classes)} classes"],
            ["looks at", $"{report.Size} × {report.Size}, {(report.Channels == 1 ? "grey" : "colours")}"],
            ["embedding", $"{report.Length} numbers"],
            ["seconds", Terminal.Number(report.Seconds, 1)],
            ["file", $"{Markup.Escape(path)}, {Terminal.Count(report.FileBytes)} bytes"],
        ];
        if (report.Judged is { } judged)
        {
            rows.Add(
            [
                "error",
                $"{Terminal.Number(judged.Error, 1)} % (pixels: {Terminal.Number(judged.PixelError, 1)} %) of " +
                $"{Terminal.Count(judged.Questions)} questions: one of {judged.Ways} classes never met, one picture of each known",
            ]);
        }

        terminal.Table(["", ""], rows);
        foreach (SkippedPicture skipped in report.Skipped.Take(SkippedShown))
        {
            terminal.Say($"[yellow]skipped[/] {Markup.Escape(skipped.Name)}: {Markup.Escape(skipped.Why)}");
        }

        if (report.Skipped.Count > SkippedShown)
        {
            terminal.Say($"[yellow]skipped[/] {Terminal.Count(report.Skipped.Count - SkippedShown)} more files");
        }
    }
}
