using Tandem.Events;
using Tandem.Features;

namespace Tandem.Serving;

/// <summary>The feature values that an answer was ordered by, so that its impressions log those very values.</summary>
/// <param name="Reader">Gives the layout of a vector, and reads items that were not ordered.</param>
/// <param name="Store">The store behind it.</param>
/// <param name="Moment">The moment that the values are as of.</param>
/// <param name="SeenUntil">The values saw every event before this place of the log and none from it on.</param>
/// <param name="Vectors">Vectors of the items shown, shape (items, features), row-major.</param>
/// <param name="IsRead">True where an item has its vector; false where chance or the fallback showed it.</param>
internal sealed record ServedValues(
    FeatureReader Reader, FeatureStore Store, DateTimeOffset Moment, JournalPosition SeenUntil, float[] Vectors,
    bool[] IsRead);
