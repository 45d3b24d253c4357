using System.Globalization;
using CsvHelper;
using Tandem.Faults;
using Tandem.Spec;
using Tandem.Training.Tables;
using Tandem.Workspace.Import;

namespace Tandem.Workspace.Tables;

/// <summary>Reads the files of a source whose rows are examples into memory. Columns that tandem.yaml does not declare are
/// numbers where all their values are, and texts otherwise.</summary>
internal sealed class TableReader
{
    // 1 GiB of numbers.
    private const long MostValues = 1L << 28;
    private const int MostFaults = 10;
    private const string MissingText = "missing";

    private readonly SourceSpec _source;
    private readonly ImportSpec _import;
    private readonly DataFile[] _files;
    private readonly string _folder;
    private readonly List<Fault> _faults = [];

    private TableReader(SystemSpec spec, string folder)
    {
        _folder = folder;
        _source = spec.Sources[spec.Objective.Label.Event];
        _import = _source.Import ?? throw ImportErrors.NoImport(spec.Objective.Label.Event);
        _files =
        [
            .. _import.Files.OrderByDescending(static file => file.Key, StringComparer.Ordinal)
                .Select(file => DataFile.Find(folder, file.Key, file.Value, _import.Format)),
        ];
    }

    /// <summary>Reads the table of the label's source.</summary>
    /// <param name="spec">A system whose rows are examples.</param>
    /// <param name="folder">Folder of the files.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TandemException">WSP101 to WSP107 and WSP110 to WSP115.</exception>
    public static RowTable Read(SystemSpec spec, string folder, CancellationToken cancellationToken = default)
    {
        TableReader reader = new(spec, folder);
        IReadOnlyList<string> names = reader.FindNames(cancellationToken);
        TablePlan plan = new(spec, names, reader.FindTypes(names, cancellationToken));
        TableRows rows = new(plan, spec.Objective);
        foreach (DataFile file in reader._files)
        {
            reader.ReadFile(
                file, plan.Names, (row, line) => reader.Report(file, line, rows.Add(row, file.Part)), cancellationToken);
        }

        reader.ThrowIfFaulty();
        if (rows.Count == 0)
        {
            throw TableErrors.NoRows(reader._files[0].Path);
        }

        if (reader._import.Groups is { } groups)
        {
            reader.TakeGroups(rows, groups);
        }

        return rows.ToTable();
    }

    /// <summary>The columns of the first file; of libsvm the numbers of all indexes that occur.</summary>
    private IReadOnlyList<string> FindNames(CancellationToken cancellationToken)
    {
        if (_import.Format == "libsvm")
        {
            SortedSet<long> indexes = [];
            foreach (DataFile file in _files)
            {
                ReadFile(
                    file, [LibsvmRows.Indexes],
                    (row, _) => indexes.UnionWith(
                        (row[0] ?? "").Split(ColumnText.UnitSeparator, StringSplitOptions.RemoveEmptyEntries)
                            .Select(static index => long.Parse(index, CultureInfo.InvariantCulture))),
                    cancellationToken);
            }

            return
            [
                LibsvmRows.Label, LibsvmRows.QueryId,
                .. indexes.Select(static index => index.ToString(CultureInfo.InvariantCulture)),
            ];
        }

        return Guard(_files[0], () =>
        {
            using Stream content = _files[0].Open(out _);
            using IRowReader rows = FileImport.OpenRows(
                _import, _files[0], content, new RowFields(TextSource([])), cancellationToken);
            return rows.Names.GroupBy(static name => name, StringComparer.Ordinal).FirstOrDefault(static same => same.Count() > 1)
                is { } twice
                ? throw new InvalidDataException($"two of its columns are named '{twice.Key}'.")
                : rows.Names;
        });
    }

    /// <summary>For each of the file's columns whether all its values are numbers.</summary>
    private bool[] FindTypes(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        bool[] areNumbers = new bool[names.Count];
        Array.Fill(areNumbers, true);
        foreach (DataFile file in _import.Format == "libsvm" ? [] : _files)
        {
            ReadFile(
                file, names,
                (row, _) =>
                {
                    for (int i = 0; i < row.Length; i++)
                    {
                        areNumbers[i] = areNumbers[i] && TableColumn.IsNumberOrMissing(row[i]);
                    }
                },
                cancellationToken);
        }

        ThrowIfFaulty();
        return areNumbers;
    }

    private void ReadFile(
        DataFile file, IReadOnlyList<string> names, RowAction action, CancellationToken cancellationToken) => Guard(file, () =>
    {
        using Stream content = file.Open(out _);
        using IRowReader rows = FileImport.OpenRows(
            _import, file, content, new RowFields(TextSource(names)), cancellationToken);
        for (long row = 0; rows.Read() && _faults.Count < MostFaults; row++)
        {
            if (row % 4096 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (rows.Refusal is { } why)
            {
                _faults.Add(TableErrors.BadRow(file.Path, rows.Line, null, null, why));
            }
            else
            {
                action(rows.Values, rows.Line);
            }
        }

        return true;
    });

    /// <summary>The source as a file of texts: every column by its own name.</summary>
    private SourceSpec TextSource(IReadOnlyList<string> names) => _source with
    {
        Entities = [],
        HasTimes = false,
        Columns = names.ToDictionary(
            static name => name, static _ => new ColumnSpec { Type = ColumnType.Text }, StringComparer.Ordinal),
        Import = _import with
        {
            Columns = names.ToDictionary(static name => name, static name => name, StringComparer.Ordinal),
        },
    };

    private void Report(DataFile file, long line, (string Column, string? Value, string Why)? refused)
    {
        if (refused is { } wrong)
        {
            _faults.Add(TableErrors.BadRow(file.Path, line, wrong.Column, wrong.Value, wrong.Why));
        }
    }

    private void ThrowIfFaulty()
    {
        if (_faults.Count > 0)
        {
            throw new TandemException(_faults);
        }
    }

    /// <summary>Reads how many rows each group has.</summary>
    private void TakeGroups(TableRows rows, string name)
    {
        if (_import.Format != "libsvm" || _files.Length != 1 || !rows.HasGroups)
        {
            throw TableErrors.GroupsOf($"'import.groups' names '{name}', and no group is read from one libsvm file.");
        }

        var file = DataFile.Find(_folder, "groups", name, "csv");
        List<int> sizes = [];
        using (StreamReader lines = new(file.Open(out _)))
        {
            for (long line = 1; lines.ReadLine() is { } text; line++)
            {
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0)
                {
                    sizes.Add(size);
                }
                else if (!string.IsNullOrWhiteSpace(text))
                {
                    throw new TandemException(TableErrors.BadGroup(file.Path, line, text));
                }
            }
        }

        long named = sizes.Sum(static size => (long)size);
        if (named != rows.Count)
        {
            throw TableErrors.Groups(file.Path, named, rows.Count);
        }

        rows.SetGroups(sizes);
    }

    private static T Guard<T>(DataFile file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or CsvFormatException)
        {
            throw ImportErrors.FileUnreadable(file.Path, wrong.Message, wrong);
        }
    }

    private delegate void RowAction(ReadOnlySpan<string?> row, long line);

    /// <summary>Throws where a table is too large to be held.</summary>
    internal static void ThrowIfTooLarge(long rows, int columns)
    {
        if (rows * columns > MostValues)
        {
            throw TableErrors.TooLarge(rows, columns, MostValues);
        }
    }

    /// <summary>The value of a slice.</summary>
    internal static string SliceOf(string? text) => text ?? MissingText;
}
