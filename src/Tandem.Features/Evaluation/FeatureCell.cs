using System.Runtime.InteropServices;

namespace Tandem.Features.Evaluation;

/// <summary>A feature and the place of its value in a vector.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FeatureCell(int Index, FeaturePlan Plan);
