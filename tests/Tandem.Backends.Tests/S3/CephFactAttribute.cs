namespace Tandem.Backends.Tests.S3;

/// <summary>A test that needs a real S3 server: skipped, visibly, where none was started.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CephFactAttribute : FactAttribute
{
    public CephFactAttribute()
    {
        if (!TestS3.IsReal)
        {
            Skip = "No S3 server was started; ./check starts Ceph's by scripts/ceph.sh where it may install it.";
        }
    }
}
