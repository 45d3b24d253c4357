using Tandem.Faults;

namespace Tandem.Registry;

/// <summary>Everything the registry can say about a world that is wrong.</summary>
internal static class RegistryErrors
{
    public static TandemException BadName(string what, string name, string expected) => new(
        new Fault("REG001", $"{what} name '{name}' is not allowed.", "Choose another name.") { Expected = expected });

    public static TandemException ReservedAlias(string alias) => new(
        new Fault("REG008", $"Alias '{alias}' is reserved: it could be read as a version.", "Choose another name.")
        {
            Expected = "a word other than 'latest', a number, or 'v' and a number",
        });

    public static TandemException NoSuchVersion(string model, int version) => new(
        new Fault(
            "REG002", $"Model '{model}' has no version {version}.", "List its versions and name one of them.")
        {
            Kind = FaultKind.NotFound,
        });

    public static TandemException AliasMoved(string model, string alias, int seen, AliasChange? now)
    {
        string state = now is null
            ? "it was never set"
            : $"change {now.Number} by '{now.By}' points it at {(now.Version is int v ? $"version {v}" : "nothing")}";
        return new TandemException(
            new Fault(
                "REG003",
                $"Alias '{alias}' of model '{model}' is not at change {seen}, which the caller had seen: {state}.",
                "Look at its history, decide again, and repeat.")
            {
                Kind = FaultKind.Conflict,
            });
    }

    public static TandemException DamagedRecord(string key, string reason, Exception? inner = null) => new(
        new Fault("REG004", $"Registry record is damaged: {reason}.", "Restore this file from a backup.")
        {
            Kind = FaultKind.Damaged,
            Place = key,
        },
        inner);

    public static TandemException NewerRecord(string key, string format, int newest) => new(
        new Fault(
            "REG005",
            $"Registry record has format '{format}'; this build reads up to {newest}.",
            "Upgrade Tandem, or restore the record from a backup.")
        {
            Kind = FaultKind.Unsupported,
            Place = key,
        });

    public static TandemException NoSuchArtifact(ModelVersion version, string name) => new(
        new Fault(
            "REG006",
            $"Version {version.Number} of model '{version.Model}' has no artifact '{name}'.",
            "Ask for one that it has.")
        {
            Kind = FaultKind.NotFound,
            Expected = $"one of: {string.Join(", ", version.Artifacts.Select(artifact => artifact.Name))}",
        });

    public static TandemException DamagedArtifact(ModelArtifact artifact, string key, string reason) => new(
        new Fault(
            "REG007",
            $"Artifact '{artifact.Name}' is damaged: {reason}.",
            "Restore this file from a backup, or roll back to another version.")
        {
            Kind = FaultKind.Damaged,
            Place = key,
        });
}
