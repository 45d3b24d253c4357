using System.Text.RegularExpressions;

namespace Tandem.Spec.Grammar;

/// <summary>The texts that designs hold.</summary>
internal static partial class Texts
{
    private const int Timeout = 1000;

    /// <summary>Any text.</summary>
    public static readonly Shape<string> Any = new TextShape("a text");

    /// <summary>A name of a source, entity, column, view or feature: it becomes a folder, a column and a JSON
    /// key.</summary>
    public static readonly Shape<string> Name = new TextShape(
        "a name of lower-case letters, digits and underscores, starting with a letter, at most 63",
        "Rename it; a file that spells it otherwise is mapped under import.columns.", NamePattern());

    /// <summary>A name, or the column of an entity's table: <c>item.category</c>.</summary>
    public static readonly Shape<string> Member = new TextShape(
        "a name, or an entity and a column of its table such as item.category", "Name an entity or a column.",
        MemberPattern());

    /// <summary>The name of a system: it becomes a folder and part of addresses.</summary>
    public static readonly Shape<string> SystemName = new TextShape(
        "lower-case letters, digits and single hyphens between them, at most 63", "Rename it, for example home-feed.",
        SystemNamePattern());

    public static readonly Shape<string> Store = new TextShape(
        "a folder, or s3://bucket/prefix", "Name a folder relative to this file, such as .tandem.", StorePattern());

    public static readonly Shape<string> Journal = new TextShape(
        "file, or an amqp:// address", "Write file, or amqp://user:password@host/vhost.", JournalPattern());

    public static readonly Shape<string> AlertTarget = new TextShape(
        "log, or a webhook address that starts with https:// or http://", "Write log.", AlertPattern());

    public static readonly Shape<string> FileName = new TextShape(
        "a file name relative to the data folder, without '..' and without a leading '/'",
        "Put the file below the data folder and name it from there.", FilePattern());

    /// <summary>A file that lies beside tandem.yaml, or below its folder.</summary>
    public static readonly Shape<string> SideFile = new TextShape(
        "a file name relative to the folder of this file, without '..' and without a leading '/'",
        "Put the file beside this one, or below its folder, and name it from there.", FilePattern());

    /// <summary>A folder that lies beside tandem.yaml, or below its folder.</summary>
    public static readonly Shape<string> SideFolder = new TextShape(
        "a folder's name relative to the folder of this file, without '..' and without a leading '/'",
        "Put the folder beside this file, or below its folder, and name it from there.", FilePattern());

    /// <summary>True where a text can name a system.</summary>
    public static bool IsSystemName(string name) => SystemNamePattern().IsMatch(name) && !name.EndsWith('\n');

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,62}$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,62}(\.[a-z][a-z0-9_]{0,62})?$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex MemberPattern();

    [GeneratedRegex(@"^(?=.{1,63}$)[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex SystemNamePattern();

    [GeneratedRegex(@"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^\s]*)?|(?![A-Za-z0-9+.-]*://)[^\x00-\x1f]+)$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex StorePattern();

    [GeneratedRegex(@"^(file|amqps?://[^\s]+)$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex JournalPattern();

    [GeneratedRegex(@"^(log|https?://[^\s]+)$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex AlertPattern();

    [GeneratedRegex(@"^(?!/)(?!(.*[/\\])?\.\.([/\\]|$))[^\x00-\x1f]+$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex FilePattern();
}
