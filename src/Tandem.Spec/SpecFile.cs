using System.Security.Cryptography;
using System.Text;
using Tandem.Faults;
using Tandem.Spec.Grammar;
using Tandem.Spec.Rules;
using Tandem.Spec.Sections;
using Tandem.Spec.Yaml;

namespace Tandem.Spec;

/// <summary>A tandem.yaml: its text, what it means, and everything wrong with it.</summary>
/// <remarks>Immutable and safe to share. Reading never throws for what a text holds: a file with faults has no
/// <see cref="Spec"/> and says all of them at once, each with code, place, what was expected and the nearest valid
/// name.</remarks>
public sealed partial class SpecFile
{
    /// <summary>Largest file that is read, in bytes of UTF-8.</summary>
    public const int LargestBytes = 1 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SpecVocabulary _vocabulary;

    private SpecFile(
        string fileName, string text, SpecVocabulary vocabulary, Node? root, SystemSpec? spec,
        IReadOnlyList<Fault> faults)
    {
        FileName = fileName;
        Text = text;
        _vocabulary = vocabulary;
        Root = root;
        Spec = spec;
        Faults = faults;
    }

    /// <summary>Name of the file, as faults give it.</summary>
    public string FileName { get; }

    /// <summary>The text, exactly as it was read, a byte order mark included.</summary>
    public string Text { get; }

    /// <summary>The design with every default filled in; null where there are faults.</summary>
    public SystemSpec? Spec { get; }

    /// <summary>Everything that is wrong, in the order of the text; empty for a valid file.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>SHA-256 of the meaning, as <c>sha256:</c> and 64 hexadecimal digits. Order of keys, comments, layout
    /// and whether a default is spelled out do not change it; any other difference does.</summary>
    /// <exception cref="InvalidOperationException">The file has faults.</exception>
    public string Hash
    {
        get
        {
            SystemSpec spec = Spec ?? throw new InvalidOperationException("A file with faults has no meaning to hash.");
            ReadOnlySpan<byte> canonical = CanonicalJson.Bytes(json => SystemSection.Shape.Write(spec, json));
            return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(canonical));
        }
    }

    /// <summary>The parsed text; null where it is empty or not YAML.</summary>
    internal Node? Root { get; }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The whole text of a file.</param>
    /// <param name="fileName">Name that faults give as the place.</param>
    /// <param name="vocabulary">The words it may use.</param>
    /// <returns>The file, with its faults.</returns>
    public static SpecFile Parse(string text, string fileName, SpecVocabulary vocabulary)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        return bytes > LargestBytes
            ? Refused(fileName, "", vocabulary, SpecErrors.TooLarge(bytes, LargestBytes))
            : Read(fileName, text, vocabulary);
    }

    /// <summary>Checks a design that was made in code, as if it had been read from the file that means the same.</summary>
    /// <param name="spec">The design; defaults need not be filled in.</param>
    /// <param name="vocabulary">The words it may use.</param>
    /// <returns>The file, with its text and its faults: their places are lines of <see cref="Text"/>.</returns>
    public static SpecFile Of(SystemSpec spec, SpecVocabulary vocabulary) =>
        Parse(SpecYaml.Write(spec), "(code)", vocabulary);

    /// <summary>Reads the bytes of a text.</summary>
    /// <param name="utf8">The whole file, UTF-8, with or without a byte order mark.</param>
    /// <param name="fileName">Name that faults give as the place.</param>
    /// <param name="vocabulary">The words it may use.</param>
    /// <returns>The file, with its faults.</returns>
    public static SpecFile Parse(ReadOnlyMemory<byte> utf8, string fileName, SpecVocabulary vocabulary)
    {
        if (utf8.Length > LargestBytes)
        {
            return Refused(fileName, "", vocabulary, SpecErrors.TooLarge(utf8.Length, LargestBytes));
        }

        try
        {
            return Read(fileName, Utf8.GetString(utf8.Span), vocabulary);
        }
        catch (DecoderFallbackException wrong)
        {
            return Refused(fileName, "", vocabulary, SpecErrors.NotUtf8(wrong.Index));
        }
    }

    /// <summary>Reads a file that must be valid.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="vocabulary">The words it may use.</param>
    /// <returns>The file; <see cref="Spec"/> is not null.</returns>
    /// <exception cref="TandemException">SPC001: it is not there or cannot be read. Otherwise: all its
    /// faults.</exception>
    public static SpecFile Load(string path, SpecVocabulary vocabulary)
    {
        SpecFile file = Parse(ReadBytes(path), Path.GetFileName(path), vocabulary);
        return file.Faults.Count == 0 ? file : throw new TandemException(file.Faults);
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] bytes = new byte[Math.Min(stream.Length, LargestBytes + 1L)];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TandemException(SpecErrors.Missing(path), missing);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new TandemException(SpecErrors.Unreadable(path, wrong.Message), wrong);
        }
    }

    private static SpecFile Refused(string fileName, string text, SpecVocabulary vocabulary, Fault fault) =>
        new(fileName, text, vocabulary, root: null, spec: null, [fault with { Place = fileName }]);

    private static SpecFile Read(string fileName, string text, SpecVocabulary vocabulary)
    {
        Reading reading = new(fileName, vocabulary);
        Node? root = YamlReader.Read(text, out (Mark Mark, Fault Fault)? stopped);
        if (stopped is { } fault)
        {
            reading.Report(fault.Mark, fault.Fault);
        }
        else if (root is null)
        {
            reading.Report(new Mark(0, 1, 1), SpecErrors.Empty());
        }
        else if (SystemSection.Shape.TryRead(root, reading, out SystemSpec? spec))
        {
            Places places = new(root);
            SystemSpec complete = Defaults.Complete(spec, places, vocabulary);
            CrossChecks.Run(complete, places, reading);
            IReadOnlyList<Fault> faults = reading.Faults;
            return new SpecFile(fileName, text, vocabulary, root, faults.Count == 0 ? complete : null, faults);
        }

        return new SpecFile(fileName, text, vocabulary, root, spec: null, reading.Faults);
    }
}
