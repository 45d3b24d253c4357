using System.Buffers;

namespace Tandem.Storage;

/// <summary>The rule for object names: relative, <c>/</c>-separated parts of plain characters, so that a name can never
/// lead outside its store on any file system.</summary>
internal static class ObjectKey
{
    /// <summary>Longest name, in characters (all ASCII, so bytes too).</summary>
    public const int MaxLength = 512;

    /// <summary>Longest part, in characters: file systems stop at 255.</summary>
    public const int MaxPartLength = 200;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+@~");

    /// <summary>Throws STO001 unless the name is allowed.</summary>
    public static void Validate(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (WhyNot(key) is { } reason)
        {
            throw StorageErrors.KeyNotAllowed(key, reason);
        }
    }

    /// <summary>Throws STO001 unless the text can begin an allowed name: empty, or a name whose last part is
    /// cut.</summary>
    public static void ValidatePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);

        // Whatever is cut at the end, an 'x' completes it to a name exactly where the rest is sound.
        if (prefix.Length > 0 && WhyNot(prefix + "x") is { } reason)
        {
            throw StorageErrors.KeyNotAllowed(prefix, reason);
        }
    }

    /// <summary>True where a name is allowed.</summary>
    public static bool IsAllowed(string key) => WhyNot(key) is null;

    /// <summary>True for a name of one part.</summary>
    public static bool IsPart(ReadOnlySpan<char> part) => WhyPartNot(part) is null;

    private static string? WhyNot(ReadOnlySpan<char> key)
    {
        if (key.Length > MaxLength)
        {
            return $"it is longer than {MaxLength} characters";
        }

        foreach (Range range in key.Split('/'))
        {
            if (WhyPartNot(key[range]) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static string? WhyPartNot(ReadOnlySpan<char> part) => part switch
    {
        [] => "it is empty, begins or ends with '/', or has '//'",
        ['.', ..] or [.., '.'] => "a part begins or ends with a dot",
        { Length: > MaxPartLength } => $"a part is longer than {MaxPartLength} characters",
        _ when part.ContainsAnyExcept(Allowed) => "it has a character outside ASCII letters, digits and -_.=+@~",
        _ => null,
    };
}
