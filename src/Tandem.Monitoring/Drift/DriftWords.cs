using System.Globalization;

namespace Tandem.Monitoring.Drift;

/// <summary>Verdicts as a person would say them.</summary>
internal static class DriftWords
{
    public static string Of(DriftVerdict verdict, string where, string reference, IReadOnlyList<FeatureDrift> features)
    {
        int drifted = features.Count(feature => feature.Verdict == DriftVerdict.Drifted);
        string names = string.Join(
            ", ", features.Where(feature => feature.Verdict == DriftVerdict.Drifted).Select(feature => feature.Name));
        int judged = features.Count(feature => feature.Verdict != DriftVerdict.InsufficientData);
        return verdict switch
        {
            DriftVerdict.Drifted =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{drifted} of {features.Count} features of {where} are not as in the training set of version " +
                    $"{reference}: {names}."),
            DriftVerdict.Steady =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{judged} of {features.Count} features of {where} are as in the training set of version " +
                    $"{reference}{(judged < features.Count ? "; the rest have too few rows" : "")}."),
            _ => $"Too few rows to compare {where} with the training set of version {reference}.",
        };
    }

    public static string Of(FeatureDrift drift, bool valuesMoved, bool nullsMoved, DriftOptions options)
    {
        List<string> parts = [];
        if (valuesMoved)
        {
            string direction = drift.CurrentMedian > drift.ReferenceMedian ? "rose"
                : drift.CurrentMedian < drift.ReferenceMedian ? "fell"
                : "kept its middle and changed its spread";
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{direction}: its middle value went from {drift.ReferenceMedian:G4} to {drift.CurrentMedian:G4} " +
                $"(PSI {drift.Psi:F2}, KS {drift.Ks:F2}, p {Chance(drift.P)})"));
        }

        if (nullsMoved)
        {
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"is missing in {drift.CurrentNullShare:P1} of rows, was in {drift.ReferenceNullShare:P1} " +
                $"(p {Chance(drift.NullP)})"));
        }

        return parts.Count > 0 ? $"{drift.Name} {string.Join(", and ", parts)}." : Calm(drift, options);
    }

    private static string Calm(FeatureDrift drift, DriftOptions options)
    {
        return drift.Verdict == DriftVerdict.InsufficientData
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{drift.Name} has too few values to say: {options.MinimumRows} are needed, then and now.")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{drift.Name} is as in the training set (PSI {drift.Psi:F2}, KS {drift.Ks:F2}).");
    }

    private static string Chance(double? p) =>
        p < 0.0001 ? "< 0.0001" : string.Create(CultureInfo.InvariantCulture, $"{p:F4}");
}
