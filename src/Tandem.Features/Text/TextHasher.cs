namespace Tandem.Features.Text;

/// <summary>Turns texts into vectors of fixed length without having seen any: each term adds 1 or −1 to the column that
/// its hash names, and the vector is scaled to length 1.</summary>
/// <remarks>K. Weinberger and others, Feature hashing for large scale multitask learning (2009): with the sign, inner
/// products of hashed vectors are on average those of the counts. O(characters). The hash (FNV-1a of the UTF-16 units,
/// mixed) is part of the meaning of a vector and never changes. Safe for any number of threads. Allocates nothing.</remarks>
public sealed class TextHasher
{
    private readonly int _columns;
    private readonly int _maxWords;

    /// <summary>Makes a hasher.</summary>
    /// <param name="options">How; the defaults where null.</param>
    public TextHasher(TextHasherOptions? options = null)
    {
        options ??= new TextHasherOptions();
        _columns = options.ColumnCount;
        _maxWords = options.MaxWords;
    }

    /// <summary>Length of a vector.</summary>
    public int Length => _columns;

    /// <summary>Entries that a text of so many characters may have at most.</summary>
    /// <param name="characters">Characters of the text.</param>
    public int RoomFor(int characters) => checked(characters * _maxWords);

    /// <summary>Writes the vector of a text in full.</summary>
    /// <param name="text">The text.</param>
    /// <param name="vector">Room for the vector, <see cref="Length"/> values; overwritten.</param>
    /// <exception cref="ArgumentException">The room has another length.</exception>
    public void Write(ReadOnlySpan<char> text, Span<float> vector)
    {
        if (vector.Length != _columns)
        {
            throw new ArgumentException($"The vector has {_columns} values, the room {vector.Length}.", nameof(vector));
        }

        vector.Clear();
        using var terms = new TermReader(text, _maxWords);
        while (terms.MoveNext())
        {
            (int column, float sign) = Place(terms.Current);
            vector[column] += sign;
        }

        TextVector.Normalise(vector);
    }

    /// <summary>Writes the vector of a text sparsely.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">Room for the columns, <see cref="RoomFor"/> its characters; rising. A column whose terms
    /// cancel stays, with value 0.</param>
    /// <param name="values">Room for their values, as many.</param>
    /// <returns>How many entries were written.</returns>
    /// <exception cref="ArgumentException">There is too little room.</exception>
    public int Write(ReadOnlySpan<char> text, Span<int> columns, Span<float> values)
    {
        if (columns.Length < RoomFor(text.Length) || values.Length < RoomFor(text.Length))
        {
            throw new ArgumentException($"The text needs room for {RoomFor(text.Length)} entries.", nameof(columns));
        }

        int count = 0;
        using var terms = new TermReader(text, _maxWords);
        while (terms.MoveNext())
        {
            (columns[count], values[count]) = Place(terms.Current);
            count++;
        }

        count = TextVector.Merge(columns[..count], values[..count]);
        TextVector.Normalise(values[..count]);
        return count;
    }

    /// <summary>The hash of a text, which never changes.</summary>
    internal static ulong HashOf(ReadOnlySpan<char> term)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char unit in term)
        {
            hash = (hash ^ (byte)unit) * 0x100000001B3;
            hash = (hash ^ (byte)(unit >> 8)) * 0x100000001B3;
        }

        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }

    // The column comes from the upper bits of the hash, the sign from the lowest.
    private (int Column, float Sign) Place(ReadOnlySpan<char> term)
    {
        ulong hash = HashOf(term);
        return ((int)Math.BigMul(hash, (ulong)_columns, out _), (hash & 1) == 0 ? 1 : -1);
    }
}
