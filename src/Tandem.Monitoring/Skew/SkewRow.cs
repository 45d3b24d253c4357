namespace Tandem.Monitoring.Skew;

/// <summary>An answer whose feature was served with one value and rebuilt with another.</summary>
/// <param name="Event">Id of the event that logged the served value.</param>
/// <param name="About">Whom the row is about, as <c>entity=id</c>, in the order of the spine.</param>
/// <param name="Time">The moment that both values are as of.</param>
/// <param name="Served">The value that was served; null is null.</param>
/// <param name="Rebuilt">The value computed again from the lake; null is null.</param>
public sealed record SkewRow(string Event, string About, DateTimeOffset Time, float? Served, float? Rebuilt);
