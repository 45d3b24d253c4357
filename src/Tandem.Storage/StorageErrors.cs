using System.Globalization;
using Tandem.Faults;

namespace Tandem.Storage;

/// <summary>Every message of this room; <c>docs/errors.md</c> lists the codes.</summary>
internal static class StorageErrors
{
    public static TandemException KeyNotAllowed(string key, string why) =>
        new(new Fault(
            "STO001",
            $"The object name '{Cut(key)}' is not allowed: {why}.",
            "Use parts of ASCII letters, digits and -_.=+@~, separated by '/', none beginning or ending with a dot."));

    public static TandemException NotFound(string key) =>
        new(new Fault(
            "STO002",
            $"There is no object '{key}' in the store.",
            "Check the name, or list the store; it may have been deleted since it was named.")
        {
            Kind = FaultKind.NotFound,
        });

    public static TandemException DiskFailed(string doing, string path, Exception inner) =>
        new(
            new Fault(
                "STO003",
                $"{doing} failed: {inner.Message}",
                "Check that the disk has space, that the folder is writable, and that the file system is healthy.")
            {
                Kind = FaultKind.Unavailable,
                Place = path,
            },
            inner);

    public static TandemException ContentDiffers(string place, string expected, string actual) =>
        new(new Fault(
            "STO004",
            $"The bytes have the hash {actual}, but {expected} was recorded when they were written.",
            "Restore the file from a backup, or make it again from its source.")
        {
            Kind = FaultKind.Damaged,
            Place = place,
        });

    public static TandemException TenantNotAllowed(string tenant) =>
        new(new Fault(
            "STO005",
            $"The tenant name '{Cut(tenant)}' is not allowed.",
            "Use 1 to 64 ASCII letters, digits, '-' and '_', beginning with a letter or digit."));

    public static TandemException TooLargeToMap(string path, long length) =>
        new(new Fault(
            "STO006",
            string.Create(CultureInfo.InvariantCulture, $"The file has {length} bytes; one of at most {int.MaxValue} can be mapped."),
            "Make what it holds again in parts, or do without the file.")
        {
            Kind = FaultKind.Unsupported,
            Place = path,
        });

    private static string Cut(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}
