using System.Text.Json;
using Tandem.Faults;
using Tandem.Monitoring.Drift;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Monitoring.Tests.Drift;

public sealed class DriftReportsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly IObjectStore _store;
    private readonly DriftReports _reports;

    public DriftReportsTests()
    {
        _store = new FolderStore(_folder.Path).Under("default/monitoring");
        _reports = new DriftReports(_store);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Add_ThenList_GivesNewestFirstWithEveryField()
    {
        DriftReport old = Make(0);
        _clock.Now += TimeSpan.FromHours(1);
        DriftReport recent = Make(300);
        await _reports.AddAsync(recent);
        await _reports.AddAsync(old);

        List<DriftReport> read = await ListAsync();

        Assert.Equal([recent.Time, old.Time], read.Select(report => report.Time));
        Assert.Equal(JsonSerializer.Serialize(recent), JsonSerializer.Serialize(read[0]));
        Assert.Equal(2, await _reports.CountAsync());
    }

    [Fact]
    public async Task Add_TwiceInOneMicrosecond_KeepsBothInOrder()
    {
        await _reports.AddAsync(Make(0));
        await _reports.AddAsync(Make(300));

        List<DriftReport> read = await ListAsync();

        Assert.Equal([DriftVerdict.Drifted, DriftVerdict.Steady], read.Select(report => report.Verdict));
    }

    [Fact]
    public async Task List_OfNothing_IsEmpty()
    {
        Assert.Empty(await ListAsync());
        Assert.Equal(0, await _reports.CountAsync());
    }

    [Fact]
    public async Task List_OfADamagedReport_NamesItsFile()
    {
        await _reports.AddAsync(Make(0));
        await _store.PutAsync("drift/00001767323045000000.json", "{"u8.ToArray());

        TandemException refused = await Assert.ThrowsAsync<TandemException>(ListAsync);

        Assert.Equal("MON001", refused.Fault.Code);
        Assert.Equal("drift/00001767323045000000.json", refused.Fault.Place);
    }

    [Theory]
    [InlineData(DriftVerdict.Steady, 0, "steady")]
    [InlineData(DriftVerdict.Drifted, 1, "drifted")]
    [InlineData(DriftVerdict.InsufficientData, 2, "insufficient-data")]
    public void DriftVerdict_KeepsItsNumberAndName(DriftVerdict verdict, int number, string name)
    {
        Assert.Equal(number, (int)verdict);
        Assert.Equal($"\"{name}\"", JsonSerializer.Serialize(verdict));
    }

    private DriftReport Make(int shift)
    {
        float[] before = [.. Enumerable.Range(0, 1000).Select(i => (float)i)];
        float[] after = [.. before.Select(x => x + shift)];
        DriftMonitor monitor = new(new DriftOptions(), _clock);
        return monitor.Compare("video", "3", [FeatureProfile.Of("x", before)], [new("x", after)]);
    }

    private async Task<List<DriftReport>> ListAsync()
    {
        List<DriftReport> reports = [];
        await foreach (DriftReport report in _reports.ListAsync())
        {
            reports.Add(report);
        }

        return reports;
    }
}
