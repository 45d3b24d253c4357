using System.Text;
using Tandem.Lake.Native;

namespace Tandem.Lake.Foreign;

/// <summary>A Parquet file; columns have the lake's type nearest to their own, and those that none can hold without
/// loss are read as text.</summary>
internal sealed class ParquetSource(string path) : IForeignSource
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);

    public string? RejectionQuery => null;

    private string Table => $"read_parquet({Sql.Text(path)}, file_row_number=true, hive_partitioning=false)";

    public IReadOnlyList<LakeColumn> FindColumns(DuckConnection connection, CancellationToken cancellationToken)
    {
        using DuckStatement statement = connection.Prepare(
            $"select column_name, column_type from (describe select * exclude (file_row_number) from {Table})");
        using DuckReader reader = statement.Execute(cancellationToken);
        List<LakeColumn> columns = [];
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                string name = Encoding.UTF8.GetString(reader.Utf8(0, row));
                string type = Encoding.UTF8.GetString(reader.Utf8(1, row));
                _types[name] = type;
                columns.Add(new LakeColumn(name, TypeOf(type)));
            }
        }

        return columns;
    }

    public string Query(IReadOnlyList<LakeColumn> columns) =>
        $"select file_row_number + 1 as " +
        $"row{string.Concat(columns.Select(c => $", {Value(c)} as {Sql.Name(c.Name)}"))} from {Table}";

    private static LakeType TypeOf(string type) => type switch
    {
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" => LakeType.Whole,
        "FLOAT" or "DOUBLE" => LakeType.Number,
        _ when type.StartsWith("DECIMAL", StringComparison.Ordinal) && !type.EndsWith(']') => LakeType.Number,
        "BOOLEAN" => LakeType.Flag,
        _ when type.StartsWith("TIMESTAMP", StringComparison.Ordinal) && !type.EndsWith(']') => LakeType.Time,
        "DATE" => LakeType.Time,
        "FLOAT[]" or "DOUBLE[]" or "INTEGER[]" or "BIGINT[]" or "SMALLINT[]" or "TINYINT[]" => LakeType.NumberList,
        "VARCHAR[]" => LakeType.TextList,
        _ => LakeType.Text,
    };

    private string Value(LakeColumn column)
    {
        string name = Sql.Name(column.Name);
        string type = _types[column.Name];
        return (column.Type, type) switch
        {
            (LakeType.Time, "TIMESTAMP WITH TIME ZONE") => $"({name} at time zone 'UTC')",
            (LakeType.Text, "VARCHAR") => name,
            (LakeType.Text, _) when type.EndsWith(']') || type.EndsWith(')') => $"to_json({name})::varchar",
            _ => $"{name}::{Sql.Type(column.Type)}",
        };
    }
}
