namespace Tandem.Acceptance;

/// <summary>A test that needs a real S3 server: skipped, visibly, where none was started.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class S3FactAttribute : FactAttribute
{
    public S3FactAttribute()
    {
        Skip = RealS3.Absence;
    }
}
