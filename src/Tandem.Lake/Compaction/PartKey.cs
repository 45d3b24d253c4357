using System.Globalization;
using Tandem.Storage;

namespace Tandem.Lake.Compaction;

/// <summary>Names of the lake's files:
/// <c>events/&lt;type&gt;/date=&lt;date&gt;/&lt;manifest&gt;-&lt;hash&gt;.parquet</c>.</summary>
internal static class PartKey
{
    /// <summary>Begins the name of every file.</summary>
    public const string Folder = "events/";

    private const string Extension = ".parquet";
    private const int HashDigits = 16;

    /// <summary>The name of a file. It holds the number of the manifest it is written for, which says when it is an
    /// orphan; and digits of its hash, so that two compactions racing for one number never write different bytes under
    /// one name.</summary>
    public static string For(string type, string label, long manifest, string hashDigits) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{Folder}{type}/date={label}/{manifest:D20}-{hashDigits}{Extension}");

    /// <summary>The name of the file that takes another's place: that of the other, with digits of its own
    /// hash.</summary>
    public static string Succeeding(string key, string hash)
    {
        int dash = key.LastIndexOf('-');
        return string.Concat(key.AsSpan(0, dash + 1), Digits(hash), Extension);
    }

    /// <summary>What the folder of a file says behind <c>date=</c>.</summary>
    public static string Label(string key)
    {
        const string Date = "/date=";
        int begin = key.IndexOf(Date, StringComparison.Ordinal) + Date.Length;
        return key[begin..key.LastIndexOf('/')];
    }

    /// <summary>The digits of a hash that stand in a name.</summary>
    public static string Digits(string hash) =>
        ContentHash.Digits(hash)[..HashDigits];

    /// <summary>The number of the manifest that a file was written for; false for a name that is not ours.</summary>
    public static bool TryManifest(string key, out long manifest)
    {
        manifest = 0;
        ReadOnlySpan<char> name = key.AsSpan(key.LastIndexOf('/') + 1);
        int dash = name.IndexOf('-');
        return dash > 0 && name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(name[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out manifest);
    }
}
