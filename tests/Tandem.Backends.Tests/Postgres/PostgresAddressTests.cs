using Tandem.Backends.Postgres;
using Tandem.Faults;

namespace Tandem.Backends.Tests.Postgres;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://me@db/things", "postgres://db:5432/things")]
    [InlineData("postgresql://me:secret@db:7000/a%20b?sslmode=verify-full", "postgres://db:7000/a%20b")]
    public void Parse_OfAnAddress_KeepsUserAndPasswordOutOfItsText(string text, string shown) =>
        Assert.Equal(shown, PostgresAddress.Parse(text).ToString());

    [Fact]
    public void Parse_WithAPassword_TakesItInsteadOfTheAddress() =>
        Assert.Equal("other", PostgresAddress.Parse("postgres://me:secret@db/things", "other").Password);

    [Theory]
    [InlineData("mysql://me@db/things")]
    [InlineData("postgres://db/things")]
    [InlineData("postgres://me@db")]
    [InlineData("postgres://me@db/things/more")]
    [InlineData("postgres://me:secret@db/things?sslmode=maybe")]
    [InlineData("postgres://me:secret@db/things?user=you")]
    [InlineData("me:secret@db")]
    public void Parse_OfAnythingElse_IsBck030AndRepeatsNothing(string text)
    {
        Fault fault = Assert.Throws<TandemException>(() => PostgresAddress.Parse(text)).Fault;

        Assert.Equal("BCK030", fault.Code);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }
}
