using Tandem.Backends.RabbitMq;
using Tandem.Events;
using Tandem.Events.Tests;
using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Backends.Tests.RabbitMq;

/// <summary>What opening says without any broker.</summary>
public sealed class RabbitOpeningTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private FileJournalOptions Copy => new() { Folder = _folder["log"] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_WhereNoBrokerIs_SaysSo()
    {
        RabbitOptions nowhere = TestBroker.Options("amqp://someone:s3cret@127.0.0.1:1/x") with
        {
            OpenDeadline = TimeSpan.FromSeconds(5),
        };

        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => RabbitJournal.OpenAsync(nowhere, Copy, TimeProvider.System));

        Assert.Equal("BCK013", refused.Fault.Code);
        Assert.Contains("ConnectionRefused", refused.Fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WhereTheFolderHoldsALogOfItsOwn_LeavesItAlone()
    {
        await using (FileJournal own = await FileJournal.OpenAsync(Copy, TimeProvider.System))
        {
            await own.AppendAsync(Samples.Many(0, 3));
        }

        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => RabbitJournal.OpenAsync(TestBroker.Options("amqp://127.0.0.1:1"), Copy, TimeProvider.System));

        Assert.Equal("EVT016", refused.Fault.Code);
        await using FileJournal again = await FileJournal.OpenAsync(Copy, TimeProvider.System);
        Assert.Single(await again.ReadAsync(again.Begin).Where(batch => batch.Events.Count == 3).ToListAsync());
    }
}
