namespace Tandem.Backends.Tests.RabbitMq;

/// <summary>A test that needs a real broker: skipped, visibly, where none was started.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JournalFactAttribute : FactAttribute
{
    public JournalFactAttribute()
    {
        if (TestBroker.Address is null)
        {
            Skip = "No broker was started; ./check starts RabbitMQ by scripts/rabbitmq.sh where it may install it.";
        }
    }
}
