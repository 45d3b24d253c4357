using System.Text.RegularExpressions;

namespace Tandem.House;

/// <summary>Words that belong to one room: elsewhere they mean that code is in the wrong room.</summary>
public sealed partial class WordTests
{
    [Fact]
    public void AspNetCore_OutsideServer_IsAbsent() =>
        AssertAbsent(AspNetCore(), file => file.Room == "Server", "HTTP belongs to Tandem.Server:");

    [Fact]
    public void Console_OutsideTheTerminal_IsAbsent() =>
        AssertAbsent(
            ConsoleWord(),
            file => file.Path == "src/Tandem.Cli/Terminal.cs",
            "Only src/Tandem.Cli/Terminal.cs writes to the console:");

    [Fact]
    public void Vectors_OutsideNumerics_AreAbsent() =>
        AssertAbsent(VectorWord(), file => file.Room == "Numerics", "Vector loops belong to Tandem.Numerics:");

    [Fact]
    public void Files_InLearningAndNumerics_AreAbsent() =>
        AssertAbsent(
            FileWord(),
            file => file.Room is not ("Learning" or "Numerics"),
            "These rooms see only numbers; take a span, a stream or a buffer:");

    [Fact]
    public void NativeCode_OutsideNativeFolders_IsAbsent() =>
        AssertAbsent(
            NativeWord(),
            file => file.Path.Contains("/Native/", StringComparison.Ordinal),
            "Unsafe code and native libraries lie in folders named Native:");

    [Fact]
    public void Sql_OutsideLake_IsAbsent() =>
        HouseFiles.AssertNone(
            HouseFiles.Sources
                .Where(file => file.Room != "Lake"
                    && !file.Path.Contains("/Tandem.Backends/Postgres/", StringComparison.Ordinal))
                .SelectMany(file => file.LiteralMatches(Sql())),
            "SQL belongs to Tandem.Lake, and a server's to its folder in Tandem.Backends; ask for a typed operation:");

    private static void AssertAbsent(Regex pattern, Func<SourceFile, bool> exempt, string rule) =>
        HouseFiles.AssertNone(
            HouseFiles.Sources.Where(file => !exempt(file)).SelectMany(file => file.CodeMatches(pattern)), rule);

    [GeneratedRegex(@"\bAspNetCore\b|\bHttpContext\b|\bWebApplication\b", RegexOptions.None, 2000)]
    private static partial Regex AspNetCore();

    [GeneratedRegex(@"(?<!Spectre\.)\bConsole\b", RegexOptions.None, 2000)]
    private static partial Regex ConsoleWord();

    [GeneratedRegex(@"\bVector(64|128|256|512)\b|\bSystem\.Runtime\.Intrinsics\b", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex VectorWord();

    [GeneratedRegex(@"\b(File|FileStream|FileInfo|Directory|DirectoryInfo)\b(?=\s*[.(])", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex FileWord();

    [GeneratedRegex(@"\bunsafe\b|\bLibraryImport\b|\bDllImport\b|\bNativeLibrary\b", RegexOptions.None, 2000)]
    private static partial Regex NativeWord();

    [GeneratedRegex(
        @"\b(SELECT|COPY|INSERT INTO|CREATE TABLE|CREATE VIEW)\s|^\s*select\s|\bselect\s.+\sfrom\s|^\s*copy\s*\(|read_parquet\s*\(",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, 2000)]
    private static partial Regex Sql();
}
