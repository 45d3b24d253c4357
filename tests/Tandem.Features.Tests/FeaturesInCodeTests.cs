using Tandem.Events;
using Tandem.Faults;
using Tandem.Spec;
using Tandem.Testing;

namespace Tandem.Features.Tests;

/// <summary>The example of docs/features-in-code.md, compiled and run.</summary>
public sealed class FeaturesInCodeTests
{
    [Fact]
    public void Example_IsCheckedCompiledAndRead_AndTheFileItPrintsMeansTheSame()
    {
        using var folder = new TestFolder();
        (string text, IReadOnlyList<FeatureView> views) = Example(
            new SpecVocabulary { Models = [Model], Operators = FeatureOperators.Known, Metrics = [] }, folder["tandem.yaml"]);

        var store = new FeatureStore(views);
        DateTimeOffset now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        store.Apply(Event("1", "video", """{"category":"news"}""", now, ("item", "v1")), new JournalPosition(0));
        store.Apply(Event("2", "play", """{"seconds":600}""", now, ("user", "u1"), ("item", "v1")), new JournalPosition(1));
        FeatureView moment = views.Single(view => view.Name == "moment");
        OnlineValue taste = store.Look(
            moment, moment.Features.Single(feature => feature.Name == "taste"),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["user"] = "u1", ["item"] = "v1" }, default,
            now.AddMinutes(1));
        var read = SpecFile.Parse(
            File.ReadAllText(folder["tandem.yaml"]), "tandem.yaml",
            new SpecVocabulary { Models = [Model], Operators = FeatureOperators.Known, Metrics = [] });

        Assert.Equal(1, taste.Value.Number);
        Assert.Empty(read.Faults);
        Assert.Equal(
            views.Select(view => view.Version), FeatureView.CompileAll(read.Spec!).Select(view => view.Version),
            StringComparer.Ordinal);
        Assert.Contains("entity: [user, item.category]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_HoldsTheExample()
    {
        string[] lines = File.ReadAllLines(Path.Combine(SharedData.Root, "docs/features-in-code.md"));
        IEnumerable<string> shown = lines.SkipWhile(line => line != "```csharp").Skip(1).TakeWhile(line => line != "```");
        string code = File.ReadAllText(Path.Combine(SharedData.Root, "tests/Tandem.Features.Tests/FeaturesInCodeTests.cs"));

        string example = string.Join('\n', shown.Select(line => line.Length == 0 ? "" : "        " + line));

        Assert.Contains(example, code, StringComparison.Ordinal);
    }

    private static KnownModel Model => new("ials", "Factors.", []);

#pragma warning disable IDE0007 // The page shows types.
    private static (string Text, IReadOnlyList<FeatureView> Views) Example(SpecVocabulary vocabulary, string path)
    {
        SystemSpec design = new()
        {
            Name = "home-feed",
            Objective = new ObjectiveSpec
            {
                Task = "retrieval",
                Label = new LabelSpec { Event = "play", Impression = "shown", AnyOf = [ConditionSpec.Parse("seconds >= 30")] },
            },
            Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal)
            {
                ["play"] = Source(["user", "item"], ("seconds", ColumnType.Number), ("device", ColumnType.Text)),
                ["shown"] = Source(["user", "item"], ("slot", ColumnType.Text)),
                ["video"] = Source(["item"], ("category", ColumnType.Text)) with { Kind = SourceKind.Table },
            },
            Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
            {
                ["user_long"] = FeatureViewBuilder.Of("user").From("play")
                    .Column("minutes", "seconds / 60")
                    .Where("minutes > 5")
                    .TimeToLive(TimeSpan.FromDays(30))
                    .Feature("plays_7d", "count over 7d")
                    .Feature("recent", "decayed_count", more => more with { HalfLife = TimeSpan.FromHours(6) })
                    .Build(),
                ["user_category"] = FeatureViewBuilder.Of("user", with: "item.category").From("play")
                    .Feature("plays", "count")
                    .Build(),
                ["moment"] = FeatureViewBuilder.Computed()
                    .Compute("hour", "hour(now)")
                    .Compute("taste", "user_category:plays / user_long:plays_7d")
                    .Compute("place", "cross(request.slot, moment:hour)")
                    .Build(),
            },
        };

        SpecFile file = SpecFile.Of(design, vocabulary);
        if (file.Spec is null)
        {
            throw new TandemException(file.Faults);
        }

        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(file.Spec);
        File.WriteAllText(path, file.Text);
        return (file.Text, views);
    }
#pragma warning restore IDE0007

    private static SourceSpec Source(string[] entities, params (string Name, ColumnType Type)[] columns) => new()
    {
        Entities = entities,
        Columns = columns.ToDictionary(
            each => each.Name, each => new ColumnSpec { Type = each.Type }, StringComparer.Ordinal),
    };

    private static EventRecord Event(
        string id, string type, string data, DateTimeOffset time, params (string Entity, string Id)[] entities) => new()
        {
            Id = id,
            Type = type,
            Entities = [.. entities.Select(each => new EntityKey(each.Entity, each.Id))],
            EventTime = time,
            KnownTime = time,
            Data = System.Text.Encoding.UTF8.GetBytes(data),
        };
}
