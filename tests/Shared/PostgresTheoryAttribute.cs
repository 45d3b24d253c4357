namespace Tandem.Testing;

/// <summary>As <see cref="PostgresFactAttribute"/>, with arguments.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute()
    {
        if (PostgresProcess.Shared is null)
        {
            Skip = PostgresProcess.Absent;
        }
    }
}
