using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Tandem.Backends.RabbitMq;
using Tandem.Events;
using Tandem.Events.Tests;
using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Backends.Tests.RabbitMq;

public sealed class RabbitJournalTests : JournalConformance, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly RabbitOptions _options = TestBroker.Options(TestBroker.Address ?? "amqp://nowhere");

    private FileJournalOptions Copy => new() { Folder = _folder["log"] };

    public void Dispose() => _folder.Dispose();

    [JournalFact]
    public async Task Open_WhereTheCopyWasLost_GivesTheSameLog()
    {
        await Journal.AppendAsync(Samples.Many(0, 250));
        await Journal.SealAsync();
        JournalPosition end = await Journal.AppendAsync(Samples.Many(250, 5));
        string[] before = Lines();
        await Journal.DisposeAsync();
        Directory.Delete(Copy.Folder, recursive: true);

        await using RabbitJournal again = await RabbitAsync();

        Assert.Equal(end, again.End);
        Assert.Equal(before, Lines());
        Assert.Equal(Samples.Ids(Samples.Many(0, 255)), Samples.Ids(await ReadAllAsync(again, again.Begin)));
        await again.AppendAsync([Samples.Small(3), Samples.Small(254)]);
        Assert.Equal(end, again.End);
    }

    [JournalFact]
    public async Task Open_AfterASealWithNothingBehindIt_KeepsTheSegments()
    {
        await Journal.AppendAsync(Samples.Many(0, 5));
        await Journal.SealAsync();
        string[] before = Lines();
        await Journal.DisposeAsync();
        Directory.Delete(Copy.Folder, recursive: true);

        await using RabbitJournal again = await RabbitAsync();

        Assert.Equal(before, Lines());
        Assert.Single(await again.ClosedSegmentsAsync(again.Begin));
    }

    [JournalFact]
    public async Task Open_WhereTheCopyHasMore_BelievesTheBroker()
    {
        await Journal.AppendAsync(Samples.Many(0, 5));
        string[] before = Lines();
        await Journal.DisposeAsync();
        string segment = Directory.GetFiles(Copy.Folder, "*.jsonl").Single();
        await File.AppendAllTextAsync(segment, (await File.ReadAllLinesAsync(segment))[^1] + "\n");

        await using RabbitJournal again = await RabbitAsync();

        Assert.Equal(before, Lines());
    }

    [JournalFact]
    public async Task Append_PutsAboutAHundredEventsIntoAMessage()
    {
        await Journal.AppendAsync(Samples.Many(0, 1050));

        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        var counts = Channel.CreateUnbounded<int>();
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += async (_, message) => await counts.Writer.WriteAsync(
            message.Body.Span.Count((byte)'\n'));
        await channel.BasicQosAsync(0, 100, global: false);
        await channel.BasicConsumeAsync(
            _options.Stream, autoAck: false, "", noLocal: false, exclusive: false,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-stream-offset"] = "first" }, consumer);

        // The fence of the opening, the header, and the events.
        List<int> found = await counts.Reader.ReadAllAsync().Take(13).ToListAsync();
        Assert.Equal([0, 1, .. Enumerable.Repeat(100, 10), 50], found);
    }

    [JournalFact]
    public async Task Open_WhereAnotherWrites_NamesIt()
    {
        await Journal.AppendAsync(Samples.Many(0, 1));
        RabbitOptions hasty = _options with { OpenDeadline = TimeSpan.FromSeconds(5) };

        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => RabbitJournal.OpenAsync(hasty, new() { Folder = _folder["other"] }, Clock));

        Assert.Equal("BCK015", refused.Fault.Code);
        Assert.Contains($"process {Environment.ProcessId} on", refused.Fault.What, StringComparison.Ordinal);
        await Journal.AppendAsync(Samples.Many(1, 1));
    }

    [JournalFact]
    public async Task Open_WhereAnotherWritesAndTheDeadlineFallsAnywhere_NeverSaysThatItHasNoName()
    {
        await Journal.AppendAsync(Samples.Many(0, 1));
        for (int n = 0; n < 10; n++)
        {
            RabbitOptions hasty = _options with
            {
                OpenDeadline = TimeSpan.FromMilliseconds(200 + (40 * n)),
                RetryDelay = TimeSpan.FromMilliseconds(1),
            };

            TandemException refused = await Assert.ThrowsAsync<TandemException>(
                () => RabbitJournal.OpenAsync(hasty, new() { Folder = _folder["other"] }, Clock));

            // On a busy machine the first attempt may be cut off before it meets anybody.
            Assert.True(refused.Fault.Code is "BCK013" or "BCK015", refused.Fault.ToString());
            Assert.DoesNotContain("another process", refused.Fault.What, StringComparison.Ordinal);
        }
    }

    [JournalFact]
    public async Task Open_OfAnotherLog_IsRefused()
    {
        await Journal.AppendAsync(Samples.Many(0, 5));
        await Journal.DisposeAsync();
        await DeleteStreamAsync();
        await using (RabbitJournal other = await RabbitJournal.OpenAsync(
            _options, new() { Folder = _folder["other"] }, Clock))
        {
            await other.AppendAsync(Samples.Many(0, 500));
            await other.SealAsync();
        }

        TandemException refused = await Assert.ThrowsAsync<TandemException>(RabbitAsync);

        Assert.Equal("BCK019", refused.Fault.Code);
    }

    [JournalFact]
    public async Task Open_WhereTheStreamWasDeleted_SaysWhatIsLost()
    {
        await Journal.AppendAsync(Samples.Many(0, 5));
        await Journal.SealAsync();
        await Journal.DisposeAsync();
        await DeleteStreamAsync();

        TandemException refused = await Assert.ThrowsAsync<TandemException>(RabbitAsync);

        Assert.Equal("BCK018", refused.Fault.Code);
    }

    [JournalFact]
    public async Task Append_WhereTheStreamIsDeletedMeanwhile_IsNotAcknowledged()
    {
        await Journal.AppendAsync(Samples.Many(0, 5));
        await DeleteStreamAsync();

        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            async () => await Journal.AppendAsync(Samples.Many(5, 5)));

        Assert.Equal("BCK018", refused.Fault.Code);
    }

    [JournalFact]
    public async Task Open_WithAWrongPassword_IsRefusedWithoutRepeatingIt()
    {
        UriBuilder address = new(TestBroker.Address!) { Password = "s3cret-wrong" };

        TandemException refused = await Assert.ThrowsAsync<TandemException>(() => RabbitJournal.OpenAsync(
            TestBroker.Options(address.Uri.ToString()), new() { Folder = _folder["other"] }, Clock));

        Assert.Equal("BCK012", refused.Fault.Code);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }

    [JournalFact]
    public async Task Open_WhereAQueueIsInTheWay_IsRefused()
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        RabbitOptions options = TestBroker.Options();
        await channel.QueueDeclareAsync(options.Stream, durable: true, exclusive: false, autoDelete: false);

        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => RabbitJournal.OpenAsync(options, new() { Folder = _folder["other"] }, Clock));

        Assert.Equal("BCK021", refused.Fault.Code);
    }

    [JournalFact]
    public async Task OpenOfAFileJournal_InTheCopy_IsRefused()
    {
        await Journal.AppendAsync(Samples.Many(0, 3));
        await Journal.DisposeAsync();

        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            async () => await FileJournal.OpenAsync(Copy, Clock));

        Assert.Equal("EVT015", refused.Fault.Code);
    }

    public override Task InitializeAsync() => TestBroker.Address is null ? Task.CompletedTask : base.InitializeAsync();

    public override Task DisposeAsync() => TestBroker.Address is null ? Task.CompletedTask : base.DisposeAsync();

    protected override async Task<IJournal> OpenAsync() => await RabbitAsync();

    private Task<RabbitJournal> RabbitAsync() => RabbitJournal.OpenAsync(_options, Copy, Clock);

    private string[] Lines() =>
        [.. Directory.GetFiles(Copy.Folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines)];

    private static Task<IConnection> ConnectAsync() =>
        new ConnectionFactory { Uri = new Uri(TestBroker.Address!) }.CreateConnectionAsync();

    private async Task DeleteStreamAsync()
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(_options.Stream);
    }
}
