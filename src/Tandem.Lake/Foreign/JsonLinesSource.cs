using System.Globalization;
using System.Text;
using Tandem.Lake.Native;

namespace Tandem.Lake.Foreign;

/// <summary>JSON lines; every column is text: texts as they are, other values as JSON.</summary>
/// <remarks>Lines are read as lines and judged one by one: DuckDB's own JSON reader takes the line behind a torn one
/// with it.</remarks>
internal sealed class JsonLinesSource(string path) : IForeignSource
{
    private const int LinesSampled = 10_000;

    public string RejectionQuery =>
        $"""
        select row, case when json_valid(line) then 'not a JSON object' else 'not valid JSON' end, left(line, 1000)
        from ({Lines}) where trim(line) <> '' and not {IsObject} order by row
        """;

    private static string IsObject => "coalesce(case when json_valid(line) then json_type(line) = 'OBJECT' end, false)";

    // No text holds the character U+0001, so each line is one value.
    private string Lines =>
        $"""
        select row_number() over () as row, line from read_csv({Sql.Text(path)}, columns={"{line: 'VARCHAR'}"}, delim=e'\x01',
          quote='', escape='', header=false, auto_detect=false, null_padding=true)
        """;

    public IReadOnlyList<LakeColumn> FindColumns(DuckConnection connection, CancellationToken cancellationToken)
    {
        using DuckStatement statement = connection.Prepare(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            select name from (
              select row, unnest(json_keys(line)) as name
              from (select * from ({Lines}) where {IsObject} limit {LinesSampled})
            ) group by name order by min(row), name
            """));
        using DuckReader reader = statement.Execute(cancellationToken);
        List<LakeColumn> columns = [];
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                columns.Add(new LakeColumn(Encoding.UTF8.GetString(reader.Utf8(0, row)), LakeType.Text));
            }
        }

        return columns;
    }

    public string Query(IReadOnlyList<LakeColumn> columns) =>
        $"select row{string.Concat(columns.Select(Value))} from ({Lines}) where {IsObject}";

    private static string Value(LakeColumn column) =>
        $", json_extract_string(line, {Sql.JsonPointer(column.Name)}) as {Sql.Name(column.Name)}";
}
