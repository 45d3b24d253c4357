using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Tandem.Spec.Tests;

/// <summary>What holds for every edit: it means what was asked, and touches nothing else.</summary>
public sealed class SpecEditProperties
{
    // The same cases each time; the step is the generator's own where it is given a seed alone.
    private static readonly Config Quick =
        Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(seed: 7, gamma: 0x9E37_79B9_7F4A_7C15);

    /// <summary>Texts in several layouts: block, flow, CRLF, without a final line break, with a byte order mark.</summary>
    private static readonly string[] Layouts =
    [
        Specs.Video,
        Specs.Video.Replace("\n", "\r\n", StringComparison.Ordinal),
        Specs.Video.TrimEnd(),
        "\uFEFF" + Specs.Blank,
        "{name: my-feed, objective: {task: retrieval, label: click}, sources: {click: [user, item]}} # end",
        .. Specs.ExampleFiles.Select(File.ReadAllText),
    ];

    private static readonly Gen<string> Layout = Gen.Elements(Layouts);

    [Fact]
    public void With_AnyGoal_ReadsBackAndKeepsTheRest()
    {
        Gen<string> goals = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(static text => text.Get)
            .Where(static text => text.EnumerateRunes().All(static rune => rune.Value != 0xFFFD) && text.Length < 500);
        Check.One(Quick, Prop.ForAll(Layout.Zip(goals).ToArbitrary(), static pair =>
        {
            SpecFile before = Specs.Parse(pair.Item1);
            SpecFile after = before.With("objective.goal", pair.Item2);

            return after.Spec!.Objective.Goal == pair.Item2
                && after.With("objective.goal", before.Spec!.Objective.Goal).Hash == before.Hash
                && IsOneChange(before.Text, after.Text, before.Spec.Objective.Goal.Length + 16, pair.Item2.Length * 6 + 16);
        }));
    }

    [Fact]
    public void With_AnySetting_MeansTheEditedSpec()
    {
        Gen<(string, JsonNode)> settings = Gen.OneOf(
            Gen.Choose(1, 200).Select(static n => ("serving.slots", (JsonNode)n)),
            Gen.Choose(0, int.MaxValue).Select(static n => ("training.seed", (JsonNode)n)),
            Gen.Choose(0, 100).Select(static n => ("serving.exploration", (JsonNode)(n / 100d))),
            Gen.Elements(true, false).Select(static flag => ("serving.exclude_seen", (JsonNode)flag)),
            Gen.Choose(1, 500).Select(static n => ("monitoring.freshness", (JsonNode)$"{n}m")));
        Check.One(Quick, Prop.ForAll(Layout.Zip(settings).ToArbitrary(), static pair =>
        {
            (string path, JsonNode value) = pair.Item2;
            SpecFile before = Specs.Parse(pair.Item1);
            SpecFile after = before.With(path, value);

            return Meaning(after.Spec!, path) == Meaning(Edited(before.Spec!, path, value), path)
                && IsOneChange(before.Text, after.Text, 24, 64);
        }));
    }

    [Fact]
    public void Without_WhatWasAdded_GivesTheSameBytesBack()
    {
        Gen<string> keys = Gen.Elements("requirements", "entities", "journal", "store", "monitoring", "serving");
        Check.One(Quick, Prop.ForAll(Layout.Zip(keys).ToArbitrary(), static pair =>
        {
            SpecFile before = Specs.Parse(pair.Item1).Without(pair.Item2);

            return before.With(pair.Item2, 1).Without(pair.Item2).Text == before.Text;
        }));
    }

    private static SystemSpec Edited(SystemSpec spec, string path, JsonNode value) => path switch
    {
        "serving.slots" => spec with { Serving = spec.Serving with { Slots = value.GetValue<int>() } },
        "training.seed" => spec with { Training = spec.Training with { Seed = (ulong)value.GetValue<int>() } },
        "serving.exploration" => spec with { Serving = spec.Serving with { Exploration = value.GetValue<double>() } },
        "serving.exclude_seen" => spec with { Serving = spec.Serving with { ExcludeSeen = value.GetValue<bool>() } },
        _ => spec with { Monitoring = spec.Monitoring with { Freshness = TimeSpan.FromMinutes(int.Parse(value.GetValue<string>()[..^1], System.Globalization.CultureInfo.InvariantCulture)) } },
    };

    /// <summary>The canonical form of the whole design; the path only names the case in a failure.</summary>
    private static string Meaning(SystemSpec spec, string path) =>
        path + Grammar.CanonicalJson.Of(json => Sections.SystemSection.Shape.Write(spec, json));

    /// <summary>True where two texts differ in one stretch, no longer than given.</summary>
    private static bool IsOneChange(string before, string after, int mostRemoved, int mostAdded)
    {
        int start = before.AsSpan().CommonPrefixLength(after);
        int end = 0;
        while (end < Math.Min(before.Length, after.Length) - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        return before.Length - start - end <= mostRemoved && after.Length - start - end <= mostAdded;
    }
}
