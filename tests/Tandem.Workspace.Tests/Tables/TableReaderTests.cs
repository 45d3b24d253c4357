using System.IO.Compression;
using System.Text;
using Tandem.Faults;
using Tandem.Learning;
using Tandem.Spec;
using Tandem.Testing;
using Tandem.Training.Tables;
using Tandem.Workspace.Tables;

namespace Tandem.Workspace.Tests.Tables;

public sealed class TableReaderTests : IDisposable
{
    private const string Rows = "age;job;euro rate;note;y\n30;admin;1.5;a;yes\nNA;;-2e0;b;no\n41;nurse;0;a;no\n";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("rows.csv")]
    [InlineData("rows.csv.gz")]
    [InlineData("rows.zip/inside/rows.csv")]
    public void Read_OfCsv_TellsNumbersFromTexts_AndLeavesOutLabelAndDropped(string file)
    {
        Write(file, Rows);

        RowTable table = Read("""label: {event: row, when: y == "yes"}""", $"{{format: csv, files: {file}}}", "drop: {note: written afterwards}");

        Assert.Equal(["age", "euro rate"], table.Numbers, StringComparer.Ordinal);
        Assert.Equal([30, 1.5f, float.NaN, -2, 41, 0], table.Values);
        Assert.Equal("job", Assert.Single(table.Texts).Name);
        Assert.Equal((1, 0, "nurse"), (table.Texts[0].Count(0), table.Texts[0].Count(1), table.Texts[0].Text(2, 0)));
        Assert.Equal([1, 0, 0], table.Labels);
    }

    [Fact]
    public void Read_OfAFileWithoutNames_CountsItsColumns()
    {
        Write("train.tsv", "1\t0.5\tx\n0\t7\ty\n");
        Write("test.tsv", "1\t8\tx\n");

        RowTable table = Read(
            "label: {event: row, column: y}",
            """{format: tsv, header: false, files: {train: train.tsv, test: test.tsv}, columns: {y: "1"}}""");

        Assert.Equal(["2"], table.Numbers, StringComparer.Ordinal);
        Assert.Equal("3", Assert.Single(table.Texts).Name);
        Assert.Equal([1, 0, 1], table.Labels);
        Assert.Equal([false, false, true], table.IsTest);
    }

    [Fact]
    public void Read_OfLibsvmWithGroups_GivesColumnsByIndex_AndGrades()
    {
        Write("rank", "2 1:0.5 30:1\n0 3:4\n1 1:1\n4 30:-1\n");
        Write("rank.query", "3\n1\n");

        RowTable table = Read(
            "label: {event: row, column: grade, group: query}",
            "{format: libsvm, files: rank, groups: rank.query, columns: {grade: label, query: qid}}", task: "ranking");

        Assert.Equal(["1", "3", "30"], table.Numbers, StringComparer.Ordinal);
        Assert.Equal([0.5f, 0, 1, 0, 4, 0, 1, 0, 0, 0, 0, -1], table.Values);
        Assert.Equal((RowTargetKind.Order, "2 0 1 4", "0 0 0 1"), (table.Target.Kind, string.Join(' ', table.Labels), string.Join(' ', table.Groups)));
    }

    [Fact]
    public void Read_OfQueryIds_BringsTheRowsOfAGroupTogether()
    {
        Write("rank", "0 qid:7 1:1\n1 qid:9 1:2\n2 qid:7 1:3\n");

        RowTable table = Read(
            "label: {event: row, column: grade, group: query}",
            "{format: libsvm, files: rank, columns: {grade: label, query: qid}}", task: "ranking");

        Assert.Equal([1, 3, 2], table.Values);
        Assert.Equal([0, 2, 1], table.Labels);
        Assert.Equal([0, 0, 1], table.Groups);
    }

    [Theory]
    [InlineData("multiclass", "column: y", "b 10 a 10", "2 0 1 0", "10 a b")]
    [InlineData("multiclass", "column: y", "9 10 9 100", "0 1 0 2", "9 10 100")]
    [InlineData("regression", "column: y", "1.5 -2 0 7", "1.5 -2 0 7", "")]
    [InlineData("binary", "column: y", "true 0 FALSE 1", "1 0 0 1", "")]
    [InlineData("binary", "when: y >= 2", "3 2 1 x", "1 1 0 0", "")]
    public void Read_OfLabels_MeansWhatTheTaskSays(string task, string label, string values, string expected, string classes)
    {
        Write("rows.csv", "x,y\n" + string.Join('\n', values.Split(' ').Select(static value => $"1,{value}")) + "\n");

        RowTable table = Read($"label: {{event: row, {label}}}", "{format: csv, files: rows.csv}", task: task, type: label.Contains(">=", StringComparison.Ordinal) ? "number" : "text");

        Assert.Equal(expected, string.Join(' ', table.Labels.Select(static each => each.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Equal(classes, string.Join(' ', table.Classes));
    }

    [Theory]
    [InlineData("x,y\n1,1\n2\n", "binary", "WSP110", "rows.csv:3", "1 fields")]
    [InlineData("x,y\n1,1\n2,maybe\n", "binary", "WSP110", "rows.csv:3", "'maybe'")]
    [InlineData("x,y\n1,1\n2,\n", "binary", "WSP110", "rows.csv:3", "is missing")]
    [InlineData("x,y\n1,1\n2,cheap\n", "regression", "WSP110", "rows.csv:3", "'cheap'")]
    [InlineData("x,y,z\n1,31,0\n", "ranking", "WSP110", "rows.csv:2", "'31'")]
    [InlineData("x,y\n", "binary", "WSP111", "rows.csv", "no rows")]
    [InlineData("y\n1\n0\n", "binary", "WSP112", null, "'row'")]
    [InlineData("x,z\n1,1\n", "binary", "WSP104", "rows.csv", "'y'")]
    [InlineData("x,x,y\n1,1,1\n", "binary", "WSP105", "rows.csv", "'x'")]
    [InlineData("x,y\n1,a\n", "multiclass", "WSP115", null, "1 different")]
    public void Read_OfWhatIsWrong_IsACodedFaultWithItsPlace(string text, string task, string code, string? place, string what)
    {
        Write("rows.csv", text);
        string group = task == "ranking" ? ", group: x" : "";

        Fault fault = Assert.Throws<TandemException>(() => Read(
            $"label: {{event: row, column: y{group}}}", "{format: csv, files: rows.csv}", task: task)).Fault;

        Assert.Equal(code, fault.Code);
        Assert.EndsWith(place ?? "", fault.Place ?? "", StringComparison.Ordinal);
        Assert.Contains(what, fault.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y: text", "label: {event: row, column: y}", RowTargetKind.Binary)]
    [InlineData("y: text", """label: {event: row, when: y == "1"}""", RowTargetKind.Binary)]
    public void Read_OfATreatment_LeavesItOutOfTheFeatures(string columns, string label, RowTargetKind kind)
    {
        Write("rows.csv", "x,offered,y\n1,true,1\n2,0,0\n3,1,0\n");

        RowTable table = TableReader.Read(Treated(columns, label), _folder.Path);

        Assert.Equal(["x"], table.Numbers, StringComparer.Ordinal);
        Assert.Equal([true, false, true], table.Treated);
        Assert.Equal([1, 0, 0], table.Labels);
        Assert.Equal(kind, table.Target.Kind);
    }

    [Fact]
    public void Read_OfATreatmentOfNumbers_KeepsThem_AndRefusesOtherTreatments()
    {
        Write("rows.csv", "x,offered,y\n1,1,2.5\n2,0,0\n");
        RowTable table = TableReader.Read(Treated("y: number", "label: {event: row, column: y}"), _folder.Path);
        Write("rows.csv", "x,offered,y\n1,1,2.5\n2,perhaps,0\n");

        Fault fault = Assert.Throws<TandemException>(
            () => TableReader.Read(Treated("y: number", "label: {event: row, column: y}"), _folder.Path)).Fault;

        Assert.Equal(RowTargetKind.Number, table.Target.Kind);
        Assert.Equal("WSP110", fault.Code);
        Assert.Contains("'perhaps'", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfManyBadRows_SaysTenOfThem()
    {
        Write("rows.csv", "x,y\n" + string.Concat(Enumerable.Repeat("1,maybe\n", 30)));

        TandemException wrong = Assert.Throws<TandemException>(
            () => Read("label: {event: row, column: y}", "{format: csv, files: rows.csv}"));

        Assert.Equal(10, wrong.Faults.Count);
    }

    [Theory]
    [InlineData("3\n", "WSP113")]
    [InlineData("1\n0\n", "WSP113")]
    [InlineData("1\nx\n", "WSP113")]
    public void Read_OfGroupsThatDoNotFit_IsACodedFault(string groups, string code)
    {
        Write("rank", "1 1:1\n0 1:2\n");
        Write("rank.query", groups);

        Assert.Equal(code, Assert.Throws<TandemException>(() => Read(
            "label: {event: row, column: grade, group: query}",
            "{format: libsvm, files: rank, groups: rank.query, columns: {grade: label, query: qid}}", task: "ranking")).Fault.Code);
    }

    [Fact]
    public void Read_OfAFileThatIsNotInTheArchive_IsACodedFault()
    {
        Write("rows.zip/inside/rows.csv", Rows);

        TandemException wrong = Assert.Throws<TandemException>(
            () => Read("label: {event: row, column: y}", "{format: csv, files: rows.zip/other.csv}"));

        Assert.Equal("WSP103", wrong.Fault.Code);
    }

    [Fact]
    public void Read_OfTimes_TakesMoments()
    {
        Write("rows.csv", "time,x,y\n2026-01-02,1,1\n2026-01-01T12:00:00Z,2,0\n");

        RowTable table = TableReader.Read(
            Specs("sources: {row: {columns: {y: text}, import: {format: csv, files: rows.csv}}}", "label: {event: row, column: y}", "binary"),
            _folder.Path);

        Assert.Equal(["x"], table.Numbers, StringComparer.Ordinal);
        Assert.Equal(TimeSpan.FromHours(12).TotalMicroseconds, table.Times[0] - table.Times[1]);
    }

    private static SystemSpec Treated(string columns, string label) => Specs(
        $"sources: {{row: {{times: false, columns: {{{columns}}}, import: {{format: csv, files: rows.csv}}}}}}",
        label + ", treatment: offered", "uplift");

    private RowTable Read(string label, string import, string more = "", string task = "binary", string type = "text") =>
        TableReader.Read(Spec(label, import, more, task, type), _folder.Path);

    private static SystemSpec Spec(string label, string import, string more, string task, string type)
    {
        string labels = label.Contains("grade", StringComparison.Ordinal) ? "grade: whole, query: text" : $"y: {type}";
        string group = label.Contains("group: x", StringComparison.Ordinal) ? ", x: text" : "";
        return Specs(
            $"sources: {{row: {{times: false, columns: {{{labels}{group}}}, import: {import}{(more.Length > 0 ? ", " + more : "")}}}}}",
            label, task);
    }

    private static SystemSpec Specs(string sources, string label, string task)
    {
        var file = SpecFile.Parse(
            $"name: t\nobjective: {{task: {task}, {label}}}\n{sources}\nmodel: {{predict: logistic}}\n", "tandem.yaml",
            WorkspaceVocabulary.Build());
        Assert.Empty(file.Faults);
        return file.Spec!;
    }

    private void Write(string name, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int archive = name.IndexOf(".zip/", StringComparison.Ordinal);
        if (archive >= 0)
        {
            using ZipArchive zip = ZipFile.Open(_folder[name[..(archive + 4)]], ZipArchiveMode.Create);
            using Stream entry = zip.CreateEntry(name[(archive + 5)..]).Open();
            entry.Write(bytes);
        }
        else if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            using GZipStream packed = new(File.Create(_folder[name]), CompressionLevel.Fastest);
            packed.Write(bytes);
        }
        else
        {
            File.WriteAllBytes(_folder[name], bytes);
        }
    }
}
