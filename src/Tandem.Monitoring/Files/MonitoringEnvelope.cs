namespace Tandem.Monitoring.Files;

/// <summary>A record with the name and version of its format before it.</summary>
internal sealed record MonitoringEnvelope<T>(string Format, T Record);
