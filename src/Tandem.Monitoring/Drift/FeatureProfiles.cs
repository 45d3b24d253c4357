using Tandem.Monitoring.Files;

namespace Tandem.Monitoring.Drift;

/// <summary>The profiles of a training set as bytes: an artifact that is stored with the model version.</summary>
/// <remarks>JSON, <c>tandem.feature-profiles/1</c>; <c>docs/monitoring.md</c> describes it.</remarks>
public static class FeatureProfiles
{
    /// <summary>Name of the artifact.</summary>
    public const string ArtifactName = "profiles.json";

    private const string Format = "tandem.feature-profiles";

    /// <summary>Writes profiles.</summary>
    /// <param name="profiles">One a feature.</param>
    public static byte[] Write(IReadOnlyList<FeatureProfile> profiles)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        return MonitoringFile.Write(
            profiles, Format, MonitoringJson.Default.MonitoringEnvelopeIReadOnlyListFeatureProfile);
    }

    /// <summary>Reads profiles.</summary>
    /// <param name="file">What <see cref="Write"/> gave.</param>
    /// <exception cref="Faults.TandemException">MON001: these are not profiles. MON002: they were written by a newer
    /// Tandem.</exception>
    public static IReadOnlyList<FeatureProfile> Read(ReadOnlyMemory<byte> file)
    {
        return MonitoringFile.Read(
            file, ArtifactName, Format, MonitoringJson.Default.MonitoringEnvelopeIReadOnlyListFeatureProfile);
    }
}
