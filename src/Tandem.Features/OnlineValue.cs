using System.Runtime.InteropServices;

namespace Tandem.Features;

/// <summary>A value from the online store, and what is known of it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Status">Whether there is one, and why not.</param>
/// <param name="EventTime">When the newest event that the feature reads happened; null where none did, or where its
/// source has no times.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OnlineValue(FeatureValue Value, FeatureStatus Status, DateTimeOffset? EventTime);
