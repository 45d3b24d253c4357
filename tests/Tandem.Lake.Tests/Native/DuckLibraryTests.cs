using Tandem.Faults;
using Tandem.Lake.Native;
using Tandem.Testing;

namespace Tandem.Lake.Tests.Native;

public sealed class DuckLibraryTests
{
    [Fact]
    public void Load_OfALibraryThatIsNotThere_NamesTheRemedy()
    {
        using TestFolder folder = new();

        TandemException failure = Assert.Throws<TandemException>(() => DuckLibrary.Load(named: null, folder.Path));

        Assert.Equal("LAK001", failure.Fault.Code);
        Assert.Contains("npm ci --prefix native --ignore-scripts", failure.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAFileThatIsNoLibrary_SaysSo()
    {
        using TestFolder folder = new();
        File.WriteAllText(folder["libduckdb.so"], "no library");

        TandemException failure = Assert.Throws<TandemException>(() => DuckLibrary.Load(folder["libduckdb.so"], "/"));

        Assert.Equal(("LAK001", FaultKind.Unavailable), (failure.Fault.Code, failure.Fault.Kind));
    }
}
