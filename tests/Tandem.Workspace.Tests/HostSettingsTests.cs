using Tandem.Events;
using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Workspace.Tests;

public sealed class HostSettingsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Apply_WithoutSettings_ChangesNothing() =>
        Assert.Equal(Options, HostSettings.Apply(Options, [KeyValuePair.Create("TANDEM__APIKEYS", "secret")]));

    [Fact]
    public void Apply_OfEverySetting_SetsIt()
    {
        File.WriteAllText(
            _folder["tandem.json"],
            """
            {"journal":{"durability":"interval","flush_interval":"50ms","segment_bytes":2048,"segment_age":"15m",
              "queue_length":7,"queue_bytes":8,"remembered_ids":9,
              "keep_for":"36h","keep_bytes":11},
              "lake":{"keep_for":"90m"},"features":{"memory_bytes":12,"store":"postgres://me@db/things","password":"secret"},"s3":{"endpoint":"http://127.0.0.1:9000","cache_bytes":10}}
            """);

        WorkspaceOptions options = HostSettings.Apply(Options, []);

        FileJournalOptions expected = new()
        {
            Folder = "log",
            Durability = Durability.Interval,
            FlushInterval = TimeSpan.FromMilliseconds(50),
            SegmentBytes = 2048,
            SegmentAge = TimeSpan.FromMinutes(15),
            QueueLength = 7,
            QueueBytes = 8,
            RememberedIdCount = 9,
        };
        Assert.Equal(
            Options with
            {
                Journal = expected,
                Retention = new JournalRetention { Age = TimeSpan.FromHours(36), Bytes = 11 },
                LakeKeepFor = TimeSpan.FromMinutes(90),
                FeatureMemoryBytes = 12,
                FeatureServer = "postgres://me@db/things",
                FeaturePassword = "secret",
                S3Endpoint = "http://127.0.0.1:9000",
                S3CacheBytes = 10,
            },
            options);
    }

    [Fact]
    public void Apply_OfALakeKeptForever_KeepsItWithoutEnd() =>
        Assert.Null(HostSettings.Apply(Options, [KeyValuePair.Create("TANDEM__LAKE__KEEP_FOR", "forever")]).LakeKeepFor);

    [Theory]
    [InlineData("59m")]
    [InlineData("ever")]
    public void Apply_OfALakeKeptTooShort_IsRefused(string text)
    {
        TandemException failure = Assert.Throws<TandemException>(
            () => HostSettings.Apply(Options, [KeyValuePair.Create("TANDEM__LAKE__KEEP_FOR", text)]));

        Assert.Equal("WSP032", failure.Fault.Code);
    }

    [Fact]
    public void Apply_OfTheEnvironment_HasTheLastWord()
    {
        File.WriteAllText(_folder["tandem.json"], """{"journal":{"durability":"interval","queue_length":7}}""");

        WorkspaceOptions options =
            HostSettings.Apply(Options, [KeyValuePair.Create("TANDEM__JOURNAL__DURABILITY", "none")]);

        Assert.Equal((Durability.None, 7), (options.Journal.Durability, options.Journal.QueueLength));
    }

    [Fact]
    public void Apply_OfWrongSettings_ReportsAllWithTheirPlaces()
    {
        File.WriteAllText(
            _folder["tandem.json"],
            """{"journal":{"durabilty":"fsync","segment_bytes":100,"queue_length":99999999999,"segment_age":"soon"}}""");

        TandemException wrong = Assert.Throws<TandemException>(() =>
            HostSettings.Apply(Options, [KeyValuePair.Create("TANDEM__JOURNAL__DURABILITY", "always")]));

        Assert.Equal("WSP031 WSP032 WSP032 WSP032 WSP032", string.Join(' ', wrong.Faults.Select(fault => fault.Code)));
        Assert.Equal("journal.durability", wrong.Faults[0].Nearest);
        Assert.Equal(_folder["tandem.json"], wrong.Faults[0].Place);
        Assert.Equal("TANDEM__JOURNAL__DURABILITY", wrong.Faults[4].Place);
        Assert.Equal("fsync, interval or none", wrong.Faults[4].Expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"journal\":1}")]
    public void Apply_OfAFileThatIsNone_SaysSo(string text)
    {
        File.WriteAllText(_folder["tandem.json"], text);

        TandemException wrong = Assert.Throws<TandemException>(() => HostSettings.Apply(Options, []));

        Assert.Equal("WSP030", wrong.Fault.Code);
    }

    private WorkspaceOptions Options => new() { SpecPath = _folder["tandem.yaml"] };
}
