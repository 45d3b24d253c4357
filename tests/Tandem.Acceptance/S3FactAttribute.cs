namespace Tandem.Acceptance;

/// <summary>A test that needs a real S3 server: skipped, visibly, where none was started.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class S3FactAttribute : FactAttribute
{
    public S3FactAttribute()
    {
        if (string.IsNullOrEmpty(RealS3.Address))
        {
            Skip = "No S3 server was started; ./check starts Ceph's by scripts/ceph.sh where it may install it.";
        }
    }
}
