using System.Text;
using System.Text.Json;

namespace Tandem.Events;

/// <summary>Gives one string object for equal texts met lately, so that names repeated in every event cost no
/// garbage.</summary>
internal sealed class NameCache
{
    private const int SlotCount = 256;
    private readonly string?[] _slots = new string?[SlotCount];

    /// <summary>The text under the reader.</summary>
    public string Get(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> text = reader.ValueSpan;
        if (reader.ValueIsEscaped || text.IsEmpty || text.Length > EventLimits.MaxNameLength)
        {
            return reader.GetString()!;
        }

        uint hash = (uint)(text[0] + (31 * text[^1]) + (101 * text[text.Length / 2]) + (7 * text.Length));
        ref string? slot = ref _slots[hash % SlotCount];
        if (slot is null || !Ascii.Equals(text, slot))
        {
            slot = reader.GetString()!;
        }

        return slot;
    }
}
