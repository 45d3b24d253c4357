using Tandem.Features;
using Tandem.Monitoring.Drift;

namespace Tandem.Training;

/// <summary>The distribution of every feature of a training set, as an artifact of the version it trained.</summary>
internal static class SetProfiles
{
    public static byte[] Write(TrainingSet set)
    {
        List<FeatureProfile> profiles = [];
        float[] column = new float[set.RowCount];
        for (int feature = 0; feature < set.FeatureCount; feature++)
        {
            for (int row = 0; row < column.Length; row++)
            {
                column[row] = set.Row(row)[feature];
            }

            profiles.Add(FeatureProfile.Of(set.Description.Features[feature], column));
        }

        return FeatureProfiles.Write(profiles);
    }
}
