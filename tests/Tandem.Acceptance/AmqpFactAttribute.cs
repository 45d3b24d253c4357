namespace Tandem.Acceptance;

/// <summary>A test that needs a real broker: skipped, visibly, where none was started.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AmqpFactAttribute : FactAttribute
{
    public AmqpFactAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TANDEM_TEST_AMQP")))
        {
            Skip = "No broker was started; ./check starts RabbitMQ by scripts/rabbitmq.sh where it may install it.";
        }
    }
}
