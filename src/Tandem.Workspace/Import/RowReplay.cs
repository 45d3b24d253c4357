using Tandem.Events;
using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Workspace.Import;

/// <summary>Judges quarantined rows of files again, by the sources as they are now: what comes of a row is what importing
/// its file again would make of it, id included.</summary>
internal sealed class RowReplay(SystemSpec spec, string tenant)
{
    /// <summary>Makes the event of a row.</summary>
    /// <param name="row">A row of a file, with its fields.</param>
    /// <param name="fault">Why there is none, or null.</param>
    public EventRecord? Judge(QuarantinedRow row, out Fault? fault)
    {
        QuarantinedFields kept = row.Fields!;
        if (!spec.Sources.TryGetValue(row.Source, out SourceSpec? source))
        {
            fault = WorkspaceErrors.UnknownType(row.Source, spec.Sources.Keys);
            return null;
        }

        if (source.Import?.Format != kept.Format)
        {
            fault = ImportErrors.CutOtherwise(row.File!, $"as {kept.Format}, and its source reads otherwise now");
            return null;
        }

        try
        {
            return kept.Format == "adjacency"
                ? Pair(row, kept, source, out fault)
                : Row(row, kept, source, out fault);
        }
        catch (TandemException e)
        {
            // Of Parquet only the columns that were asked for then are kept.
            fault = kept.Format == "parquet"
                ? ImportErrors.CutOtherwise(row.File!, $"into columns that do not suffice now: {e.Fault.What}")
                : e.Fault;
            return null;
        }
    }

    private EventRecord? Row(QuarantinedRow row, QuarantinedFields kept, SourceSpec source, out Fault? fault)
    {
        RowFields fields = new(source);
        using RowEvents events = new(row.Source, tenant, kept.Part, source.Import!.TimeFormat, fields);
        using IRowReader reader = kept.Format switch
        {
            "jsonl" => new JsonRows(row, fields),
            "libsvm" => new LibsvmRows(row, fields),
            _ => new KeptRow(row, kept, source.Import.HasHeader || kept.Format == "parquet", fields),
        };
        reader.Read();
        return events.Make(reader, out fault);
    }

    private EventRecord? Pair(QuarantinedRow row, QuarantinedFields kept, SourceSpec source, out Fault? fault)
    {
        EntityKey[] pair = [.. source.Entities.Take(2).Zip(kept.Values!, static (name, id) => new EntityKey(name, id!))];
        return new PairEvents(row.Source, tenant, kept.Part)
            .Make(pair, row.Line!.Value, kept.Position!.Value, out fault);
    }
}
