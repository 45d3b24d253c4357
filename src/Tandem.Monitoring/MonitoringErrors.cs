using Tandem.Faults;

namespace Tandem.Monitoring;

/// <summary>Everything monitoring can say about a world that is wrong.</summary>
internal static class MonitoringErrors
{
    public static TandemException NotWhatWasWritten(string place, string what, Exception? inner = null) => new(
        new Fault("MON001", $"This is not {what}.", "Restore it from a backup, or delete it: it will be made again.")
        {
            Kind = FaultKind.Damaged,
            Place = place,
        },
        inner);

    public static TandemException Newer(string place, string format, int newest) => new(
        new Fault(
            "MON002",
            $"This file has format '{format}'; this build reads up to {newest}.",
            "Upgrade Tandem, or restore the file from a backup.")
        {
            Kind = FaultKind.Unsupported,
            Place = place,
        });
}
