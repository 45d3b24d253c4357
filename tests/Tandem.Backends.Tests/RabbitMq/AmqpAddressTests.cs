using Tandem.Backends.RabbitMq;
using Tandem.Faults;

namespace Tandem.Backends.Tests.RabbitMq;

public sealed class AmqpAddressTests
{
    [Theory]
    [InlineData("amqp://host", "amqp://host:5672/", "guest", "guest", "/")]
    [InlineData("amqps://host", "amqps://host:5671/", "guest", "guest", "/")]
    [InlineData("amqp://host:1234/", "amqp://host:1234/", "guest", "guest", "/")]
    [InlineData("amqp://me:p%40ss%2F@host/v%2F1", "amqp://host:5672/v%2F1", "me", "p@ss/", "v/1")]
    public void Parse_OfAnAddress_GivesItsParts(
        string text, string shown, string user, string password, string virtualHost)
    {
        var address = AmqpAddress.Parse(text);

        Assert.Equal(shown, address.ToString());
        Assert.Equal((user, password, virtualHost), (address.User, address.Password, address.VirtualHost));
    }

    [Theory]
    [InlineData("http://host")]
    [InlineData("amqp://")]
    [InlineData("amqp://me:s3cret@host:notaport/")]
    [InlineData("amqp://me:s3cret@host/one/two")]
    [InlineData("amqp://me:s3cret@host/?heartbeat=1")]
    public void Parse_OfSomethingElse_IsRefusedWithoutRepeatingIt(string text)
    {
        TandemException refused = Assert.Throws<TandemException>(() => AmqpAddress.Parse(text));

        Assert.Equal("BCK011", refused.Fault.Code);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }
}
