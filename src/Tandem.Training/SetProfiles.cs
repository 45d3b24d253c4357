using Tandem.Features;
using Tandem.Monitoring.Drift;

namespace Tandem.Training;

/// <summary>The distribution of every feature of a training set, as an artifact of the version it trained.</summary>
internal static class SetProfiles
{
    public static byte[] Write(TrainingSet set)
    {
        List<FeatureProfile> profiles = [];
        for (int feature = 0; feature < set.FeatureCount; feature++)
        {
            profiles.Add(FeatureProfile.Of(set.Description.Features[feature], set.Column(feature)));
        }

        return FeatureProfiles.Write(profiles);
    }
}
