namespace Tandem.Learning.Tests.RowNetworks;

public sealed class FfmModelTests : RowScorerConformance
{
    protected override string KindName => "ffm";
}
