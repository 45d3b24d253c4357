namespace Tandem.Registry.Records;

/// <summary>A record with the name and version of its format before it.</summary>
internal sealed record RecordEnvelope<T>(string Format, T Record);
