namespace Tandem.Acceptance;

/// <summary>The S3 server that the environment names, and a prefix of its own on it.</summary>
internal sealed class RealS3
{
    private static string? Address { get; } = Variable("TANDEM_TEST_S3");

    /// <summary>Why tests of it are skipped; null where there is one.</summary>
    public static string? Absence { get; } = string.IsNullOrEmpty(Address)
        ? "No S3 server was started; ./check starts Ceph's by scripts/ceph.sh where it may install it."
        : null;

    /// <summary>What <c>store</c> says.</summary>
    public string Store { get; } = $"s3://{Variable("TANDEM_TEST_S3_BUCKET")}/{Path.GetRandomFileName()}";

    /// <summary>What a program needs to reach it.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["TANDEM__S3__ENDPOINT"] = Address,
        ["AWS_ACCESS_KEY_ID"] = Variable("TANDEM_TEST_S3_KEY"),
        ["AWS_SECRET_ACCESS_KEY"] = Variable("TANDEM_TEST_S3_SECRET"),
    };

    private static string? Variable(string name) => System.Environment.GetEnvironmentVariable(name);
}
