using System.Globalization;
using System.Text.Json;

namespace Tandem.Storage;

/// <summary>How a JSON file says what it is: its member <c>format</c> holds <c>name/version</c>.</summary>
public static class JsonFormat
{
    /// <summary>Reads the version in which a file was written.</summary>
    /// <param name="json">The whole file.</param>
    /// <param name="name">Name of the format, such as <c>tandem.model-version</c>.</param>
    /// <param name="found">What the member holds; empty where it is absent or no text.</param>
    /// <returns>The version, from 1; null where the file is of another format.</returns>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static int? ReadVersion(ReadOnlyMemory<byte> json, string name, out string found)
    {
        using var document = JsonDocument.Parse(json);
        found = document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("format", out JsonElement element)
            && element.ValueKind == JsonValueKind.String
                ? element.GetString()!
                : "";
        string number = found.StartsWith($"{name}/", StringComparison.Ordinal) ? found[(name.Length + 1)..] : "";
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version >= 1
            ? version
            : null;
    }
}
