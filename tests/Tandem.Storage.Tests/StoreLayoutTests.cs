using Tandem.Faults;

namespace Tandem.Storage.Tests;

public sealed class StoreLayoutTests
{
    [Fact]
    public void Layout_PutsTheTenantFirst()
    {
        StoreLayout layout = new("acme");

        Assert.Equal(
            [
                "acme/log", "acme/lake", "acme/registry", "acme/features", "acme/quarantine", "acme/runs", "acme/searches",
                "acme/monitoring",
            ],
            [
                layout.Log, layout.Lake, layout.Registry, layout.Features, layout.Quarantine, layout.Runs, layout.Searches,
                layout.Monitoring,
            ]);
        Assert.Equal("default/log", new StoreLayout().Log);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("-a")]
    [InlineData("a.b")]
    [InlineData("ä")]
    public void Layout_OfAnOddTenant_IsRefused(string tenant)
    {
        TandemException refused = Assert.Throws<TandemException>(() => new StoreLayout(tenant));

        Assert.Equal("STO005", refused.Fault.Code);
    }

    [Fact]
    public void Layout_OfATooLongTenant_IsRefused()
    {
        Assert.Throws<TandemException>(() => new StoreLayout(new string('a', 65)));
        Assert.Equal(64, new StoreLayout(new string('a', 64)).Tenant.Length);
    }
}
