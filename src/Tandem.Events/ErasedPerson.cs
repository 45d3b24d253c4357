using System.Text;
using System.Text.Json;

namespace Tandem.Events;

/// <summary>Who is to be forgotten, and where decoded JSON names them.</summary>
/// <remarks>A value names the person where it is a string that reads exactly as the id does, escapes resolved. Values of
/// other entities do not count (item 42 is not user 42), nor does an event's type, tenant, model or moments. Numbers
/// and keys are no names.</remarks>
public sealed class ErasedPerson
{
    private static readonly string[] NoNames = ["type", "tenant", "time", "known", "model", "~"];

    private readonly byte[] _utf8;

    /// <summary>Names a person.</summary>
    /// <param name="entity">The entity, such as <c>user</c>.</param>
    /// <param name="id">Their id, not empty.</param>
    public ErasedPerson(string entity, string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(entity);
        ArgumentException.ThrowIfNullOrEmpty(id);
        Entity = entity;
        Id = id;
        _utf8 = Encoding.UTF8.GetBytes(id);
    }

    /// <summary>The entity, such as <c>user</c>.</summary>
    public string Entity { get; }

    /// <summary>Their id.</summary>
    public string Id { get; }

    /// <summary>True where an event names the person.</summary>
    /// <param name="json">The event, a JSON object.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public bool IsInEvent(ReadOnlySpan<byte> json) => MayBeIn(json) && IsIn(json, "entities", NoNames);

    /// <summary>True where a JSON value names the person, at any depth.</summary>
    /// <param name="json">The value.</param>
    /// <param name="entitiesKey">Key of the outermost object under which entities lie by name.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public bool IsInValue(ReadOnlySpan<byte> json, string entitiesKey) =>
        MayBeIn(json) && IsIn(json, entitiesKey, []);

    /// <summary>True where text that is perhaps no JSON names the person: as an event does, or as a word of its
    /// own.</summary>
    /// <param name="text">The text.</param>
    public bool IsInText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            if (IsInEvent(Encoding.UTF8.GetBytes(text)))
            {
                return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON: a row of a file, or cut short.
        }

        for (int at = text.IndexOf(Id, StringComparison.Ordinal); at >= 0;
             at = text.IndexOf(Id, at + 1, StringComparison.Ordinal))
        {
            int end = at + Id.Length;
            if ((at == 0 || !IsWord(text[at - 1])) && (end == text.Length || !IsWord(text[end])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>False where a look at the bytes rules out that their JSON names the person.</summary>
    internal bool MayBeIn(ReadOnlySpan<byte> json) => json.IndexOf(_utf8) >= 0 || json.Contains((byte)'\\');

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';

    private bool IsIn(ReadOnlySpan<byte> json, string entitiesKey, string[] noNames)
    {
        const int Outermost = 1;
        Utf8JsonReader reader = new(json);
        bool isAmongEntities = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == Outermost)
            {
                isAmongEntities = false;
            }
            else if (reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isOutermost = reader.CurrentDepth == Outermost;
                string key = reader.GetString()!;
                if ((isOutermost && noNames.Contains(key, StringComparer.Ordinal))
                    || (isAmongEntities && key != Entity))
                {
                    reader.Skip();
                }

                isAmongEntities |= isOutermost && key == entitiesKey;
            }
            else if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(_utf8))
            {
                return true;
            }
        }

        return false;
    }
}
