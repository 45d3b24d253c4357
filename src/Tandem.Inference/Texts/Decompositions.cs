using System.Collections.Frozen;
using System.Globalization;

namespace Tandem.Inference.Texts;

/// <summary>What is left of a character once it is decomposed canonically and its nonspacing marks are left out: E of É.
/// The runtime decomposes nothing where it runs without the libraries of a culture.</summary>
internal static class Decompositions
{
    private const string Resource = "decompositions.txt";
    private const string Header = "tandem-decompositions 1";

    // Syllables of Hangul are made of letters by rule: chapter 3.12 of the Unicode standard.
    private const int FirstSyllable = 0xAC00;
    private const int LastSyllable = 0xD7A3;
    private const int Trails = 28;
    private const int Vowels = 21;

    private static readonly FrozenDictionary<int, int[]> Listed = Read();

    /// <summary>The characters that are left, one or several; none where the character is not composed.</summary>
    /// <param name="point">The character's code point.</param>
    /// <param name="room">Room for them, 3 at least.</param>
    public static ReadOnlySpan<int> Of(int point, Span<int> room)
    {
        if (point is < FirstSyllable or > LastSyllable)
        {
            return Listed.TryGetValue(point, out int[]? rest) ? rest : [];
        }

        int syllable = point - FirstSyllable;
        room[0] = 0x1100 + (syllable / (Vowels * Trails));
        room[1] = 0x1161 + (syllable / Trails % Vowels);
        room[2] = 0x11A7 + (syllable % Trails);
        return room[..(syllable % Trails > 0 ? 3 : 2)];
    }

    private static FrozenDictionary<int, int[]> Read()
    {
        using Stream stream = typeof(Decompositions).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        if (reader.ReadLine() != Header)
        {
            throw new System.Diagnostics.UnreachableException(Resource);
        }

        Dictionary<int, int[]> listed = [];
        while (reader.ReadLine() is { } line)
        {
            int[] points =
            [
                .. line.Split(' ').Select(
                    static each => int.Parse(each, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
            ];
            listed.Add(points[0], points[1..]);
        }

        return listed.ToFrozenDictionary();
    }
}
