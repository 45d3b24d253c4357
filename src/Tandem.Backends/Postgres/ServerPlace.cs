using Tandem.Features;

namespace Tandem.Backends.Postgres;

/// <summary>Where the series of a server stand.</summary>
/// <param name="Fill">Names the filling that they go back to.</param>
/// <param name="AppliedUntil">Everything in the log before this offset is in them.</param>
/// <param name="Layout">Which kinds of series there are.</param>
/// <param name="State">The whole description, where it was asked for.</param>
internal sealed record ServerPlace(Guid Fill, long AppliedUntil, string Layout, FeatureSnapshot? State);
