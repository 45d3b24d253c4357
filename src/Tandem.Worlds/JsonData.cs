using System.Buffers.Text;
using System.Text;

namespace Tandem.Worlds;

/// <summary>Writes one small JSON object in UTF-8 into a buffer of the caller.</summary>
/// <remarks>Texts are the world's own words: letters, digits, dashes and spaces, which JSON takes as they
/// are.</remarks>
internal ref struct JsonData
{
    private readonly Span<byte> _buffer;
    private int _length;

    public JsonData(Span<byte> buffer)
    {
        _buffer = buffer;
        _buffer[0] = (byte)'{';
        _length = 1;
    }

    public void Text(ReadOnlySpan<byte> name, string value)
    {
        Name(name);
        Add((byte)'"');
        _length += Encoding.UTF8.GetBytes(value, _buffer[_length..]);
        Add((byte)'"');
    }

    public void Whole(ReadOnlySpan<byte> name, int value)
    {
        Name(name);
        Digits(value);
    }

    /// <summary>Adds a number with as many decimals as asked.</summary>
    public void Number(ReadOnlySpan<byte> name, double value, byte decimals)
    {
        Name(name);
        bool fits = Utf8Formatter.TryFormat(value, _buffer[_length..], out int written, new('F', decimals));
        System.Diagnostics.Debug.Assert(fits, "The buffer holds the object.");
        _length += written;
    }

    public void Time(ReadOnlySpan<byte> name, DateTimeOffset value)
    {
        Name(name);
        Add((byte)'"');
        bool fits = value.UtcDateTime.TryFormat(
            _buffer[_length..], out int written, "yyyy-MM-ddTHH:mm:ss.ffffffZ",
            System.Globalization.CultureInfo.InvariantCulture);
        System.Diagnostics.Debug.Assert(fits, "The buffer holds the object.");
        _length += written;
        Add((byte)'"');
    }

    public void Wholes(ReadOnlySpan<byte> name, ReadOnlySpan<byte> values)
    {
        Name(name);
        Add((byte)'[');
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0)
            {
                Add((byte)',');
            }

            Digits(values[i]);
        }

        Add((byte)']');
    }

    /// <summary>Closes the object and copies it out.</summary>
    public byte[] ToArray()
    {
        Add((byte)'}');
        return _buffer[.._length].ToArray();
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        if (_length > 1)
        {
            Add((byte)',');
        }

        Add((byte)'"');
        name.CopyTo(_buffer[_length..]);
        _length += name.Length;
        Add((byte)'"');
        Add((byte)':');
    }

    private void Digits(int value)
    {
        bool fits = Utf8Formatter.TryFormat(value, _buffer[_length..], out int written);
        System.Diagnostics.Debug.Assert(fits, "The buffer holds the object.");
        _length += written;
    }

    private void Add(byte value) => _buffer[_length++] = value;
}
