using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Workspace;

/// <summary>Holds what requests say of themselves to the columns of the impression's source, which log it.</summary>
internal sealed class RequestCheck
{
    private readonly ColumnCheck? _columns;

    public RequestCheck(SystemSpec spec)
    {
        string? impression = spec.Objective.Label.Impression;
        _columns = impression is null ? null : new ColumnCheck(impression, spec.Sources[impression]);
    }

    /// <summary>Throws unless a context is allowed.</summary>
    /// <param name="context">A JSON object; empty for none.</param>
    /// <param name="isWhole">True where required columns must be there.</param>
    /// <exception cref="TandemException">WSP071: there are no columns to log it in; EVT001 to EVT003: it is no object that
    /// an event may have as data; otherwise the codes of events whose columns are wrong.</exception>
    public void Demand(ReadOnlyMemory<byte> context, bool isWhole = true)
    {
        if (context.IsEmpty)
        {
            return;
        }

        if (_columns is null)
        {
            throw WorkspaceErrors.NoContext();
        }

        EventJson.DemandData(context.Span);
        if (_columns.Find(context.Span, isWhole) is { } fault)
        {
            throw new TandemException(fault with { Place = "context" });
        }
    }

    /// <summary>Writes the values of one row of columns as a context.</summary>
    public static ReadOnlyMemory<byte> Write(
        IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> columns, int row)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            foreach ((string name, IReadOnlyList<JsonElement> values) in columns)
            {
                json.WritePropertyName(name);
                values[row].WriteTo(json);
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
