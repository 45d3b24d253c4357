using System.Reflection;
using Xunit.Sdk;

namespace Tandem.Acceptance;

/// <summary>The row of a theory that runs on a real S3 server: skipped, visibly, where none was started.</summary>
/// <param name="store">The theory's only argument.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class S3DataAttribute(string store) : DataAttribute
{
    public string Store { get; } = store;

    public override string? Skip { get; set; } = RealS3.Absence;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Store]];
}
