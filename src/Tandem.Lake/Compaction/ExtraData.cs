using System.Buffers;

namespace Tandem.Lake.Compaction;

/// <summary>Collects what no column holds into one JSON object, value by value as it was written.</summary>
internal sealed class ExtraData
{
    /// <summary>Key under which entities lie that the table does not declare.</summary>
    public static ReadOnlySpan<byte> EntitiesKey => "@entities"u8;

    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    /// <summary>True where nothing was added.</summary>
    public bool IsEmpty => _bytes.WrittenCount == 0;

    /// <summary>Empties it, keeping its memory.</summary>
    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>Adds a value.</summary>
    /// <param name="escapedName">The key's bytes between its quotes.</param>
    /// <param name="json">The value's bytes.</param>
    public void Add(ReadOnlySpan<byte> escapedName, ReadOnlySpan<byte> json)
    {
        Span<byte> target = _bytes.GetSpan(escapedName.Length + json.Length + 4);
        target[0] = IsEmpty ? (byte)'{' : (byte)',';
        target[1] = (byte)'"';
        escapedName.CopyTo(target[2..]);
        int at = 2 + escapedName.Length;
        target[at] = (byte)'"';
        target[at + 1] = (byte)':';
        json.CopyTo(target[(at + 2)..]);
        _bytes.Advance(at + 2 + json.Length);
    }

    /// <summary>Ends the object and gives its bytes, valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Close()
    {
        _bytes.Write("}"u8);
        return _bytes.WrittenSpan;
    }
}
