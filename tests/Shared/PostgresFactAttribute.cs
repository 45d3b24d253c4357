namespace Tandem.Testing;

/// <summary>A test that needs a real server: skipped, visibly, where none was started.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PostgresProcess.Shared is null)
        {
            Skip = PostgresProcess.Absent;
        }
    }
}
