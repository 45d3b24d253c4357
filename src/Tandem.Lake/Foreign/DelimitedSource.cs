using System.Text;
using Tandem.Lake.Native;

namespace Tandem.Lake.Foreign;

/// <summary>Delimited text; every column is text.</summary>
internal sealed class DelimitedSource(string path, string delimiter, LakeFileOptions options) : IForeignSource
{
    // DuckDB keeps refused lines in temporary tables of the connection.
    public string RejectionQuery =>
        """
        select line::bigint, min(error_message), left(any_value(csv_line), 1000) from reject_errors group by line order by line
        """;

    public IReadOnlyList<LakeColumn> FindColumns(DuckConnection connection, CancellationToken cancellationToken)
    {
        using DuckStatement statement = connection.Prepare($"select * from {Table(storeRejects: false)} limit 0");
        using DuckReader reader = statement.Execute(cancellationToken);
        return [.. reader.Names.Select(static name => new LakeColumn(name, LakeType.Text))];
    }

    public string Query(IReadOnlyList<LakeColumn> columns) =>
        $"select row_number() over () as row{Names(columns)} from {Table(storeRejects: true)}";

    private static string Names(IReadOnlyList<LakeColumn> columns) =>
        string.Concat(columns.Select(static column => ", " + Sql.Name(column.Name)));

    private string Table(bool storeRejects)
    {
        StringBuilder text = new($"read_csv({Sql.Text(path)}, delim={Sql.Text(delimiter)}, all_varchar=true, ");
        text.Append(options.HasQuotes ? "quote='\"', escape='\"', " : "quote='', escape='', ");
        text.Append(options.HasHeader ? "header=true, " : "header=false, ");
        text.Append("comment='', skip=0, null_padding=false, encoding=").Append(Sql.Text(options.Encoding));
        if (!options.HasHeader && options.ColumnNames.Count > 0)
        {
            text.Append(", names=[").AppendJoin(", ", options.ColumnNames.Select(Sql.Text)).Append(']');
        }

        // Reading on past a bad line is what storing it means.
        text.Append(storeRejects ? ", store_rejects=true, rejects_limit=0)" : ", ignore_errors=true)");
        return text.ToString();
    }
}
