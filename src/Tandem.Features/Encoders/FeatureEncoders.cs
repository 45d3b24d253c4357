using System.Text.Json;
using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Features.Encoders;

/// <summary>How the features of a row become what a model reads: fitted on training rows once, kept with the model, and
/// applied by the same code in training and serving.</summary>
/// <remarks>Immutable and thread safe. Encoding allocates nothing.</remarks>
public sealed class FeatureEncoders
{
    private const string Format = "tandem-encoders";
    private const int Version = 1;

    private readonly (FeatureEncoder Encoder, bool IsText, int Index, int Dense, int Sparse)[] _places;

    private FeatureEncoders(
        IReadOnlyList<string> numbers, IReadOnlyList<string> texts, IReadOnlyList<FeatureEncoder> encoders,
        IReadOnlyDictionary<string, byte[]> files)
    {
        Files = files;
        Numbers = numbers;
        Texts = texts;
        _places = new (FeatureEncoder, bool, int, int, int)[encoders.Count];
        List<int> featureOfDense = [];
        List<int> featureOfSparse = [];
        for (int i = 0; i < encoders.Count; i++)
        {
            FeatureEncoder encoder = encoders[i];
            int number = IndexOf(numbers, encoder.State.Feature);
            int text = IndexOf(texts, encoder.State.Feature);
            if (number < 0 == text < 0 || IsTextKind(encoder.State.Kind) != text >= 0)
            {
                throw FeaturesErrors.DamagedEncoders($"'{encoder.State.Feature}' is no input of '{encoder.State.Kind}'");
            }

            _places[i] = (encoder, text >= 0, Math.Max(number, text), featureOfDense.Count, featureOfSparse.Count);
            featureOfDense.AddRange(Enumerable.Repeat(i, encoder.DenseCount));
            featureOfSparse.AddRange(Enumerable.Repeat(i, encoder.SparseCount));
        }

        Features = [.. encoders.Select(static encoder => encoder.State.Feature)];
        Categories = encoders.All(static encoder => encoder.CategoryCount == 0)
            ? []
            : [.. encoders.SelectMany(static encoder => Enumerable.Repeat(encoder.CategoryCount, encoder.DenseCount))];
        FeatureOfDense = featureOfDense;
        FeatureOfSparse = featureOfSparse;
    }

    /// <summary>Names of the numbers of a row, in order.</summary>
    public IReadOnlyList<string> Numbers { get; }

    /// <summary>Names of the text features of a row, in order.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Names of the features that are encoded, in the order of their columns.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Index in <see cref="Features"/> of the feature behind each dense column.</summary>
    public IReadOnlyList<int> FeatureOfDense { get; }

    /// <summary>Index in <see cref="Features"/> of the feature behind each sparse column.</summary>
    public IReadOnlyList<int> FeatureOfSparse { get; }

    /// <summary>For each dense column the number of categories that its values number from 0; 0 for plain numbers. Empty
    /// where all are.</summary>
    public IReadOnlyList<int> Categories { get; }

    /// <summary>Number of dense columns.</summary>
    public int DenseCount => FeatureOfDense.Count;

    /// <summary>Number of sparse columns.</summary>
    public int SparseCount => FeatureOfSparse.Count;

    /// <summary>Files that <see cref="Load"/> needs beside what <see cref="Save"/> writes, by name: models that read texts
    /// or pictures, and vocabularies. Equal names, equal bytes. Encoders that were loaded no longer hold theirs.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; }

    /// <summary>How often an encoder of pictures was asked for one that could not be read, and gave zeros. Encoders of one
    /// model and folder count together.</summary>
    public long PicturesMissed => _places.Sum(static place => (place.Encoder as EmbeddingEncoder)?.Misses ?? 0);

    /// <summary>True where a name is that of one of <see cref="Files"/>.</summary>
    /// <param name="name">Name of an artifact.</param>
    public static bool IsFile(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(EmbeddingEncoder.FilePrefix, StringComparison.Ordinal)
            || name.StartsWith(PictureFolder.FilePrefix, StringComparison.Ordinal);
    }

    /// <summary>Fits encoders on the training rows, and encodes all rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="specs">What tandem.yaml says, by name of a feature; others are encoded as their kind suggests: numbers
    /// standardised, texts hashed.</param>
    /// <param name="folder">The folder of tandem.yaml, where the files that it names lie.</param>
    /// <param name="takesMissing">True for a model that takes missing values and categories: unless tandem.yaml says
    /// otherwise, numbers stay as they are, and texts are numbered.</param>
    /// <returns>The encoders and the rows. A training row is encoded from labels alone that had matured before
    /// it.</returns>
    /// <exception cref="TandemException">FEA032: an encoder does not read what its feature gives; FEA034: a file cannot be
    /// read; FEA035: no picture can be read; INF codes: it is no model, or no vocabulary of texts.</exception>
    public static (FeatureEncoders Encoders, EncodedRows Rows) Fit(
        EncoderRows rows, IReadOnlyDictionary<string, EncoderSpec> specs, string folder = "", bool takesMissing = false)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(specs);
        List<FeatureEncoder> encoders = [];
        Dictionary<string, float[]> past = new(StringComparer.Ordinal);
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        for (int i = 0; i < rows.Numbers.Count; i++)
        {
            EncoderSpec spec = EncoderChoice.Of(rows.Numbers[i], isText: false, specs);
            if (takesMissing && !specs.ContainsKey(rows.Numbers[i]))
            {
                encoders.Add(PlainEncoder.Make(rows.Numbers[i]));
            }
            else if (spec.Kind != EncoderSpec.None)
            {
                float[] values = rows.TrainingValues(i);
                encoders.Add(spec.Kind == "bins"
                    ? BinEncoder.Fit(rows.Numbers[i], spec, values)
                    : NumberEncoder.Fit(rows.Numbers[i], spec, values));
            }
        }

        foreach (TextColumn column in rows.Texts)
        {
            EncoderSpec spec = EncoderChoice.Of(column.Name, isText: true, specs);
            if (takesMissing && !specs.ContainsKey(column.Name) && column.IsSingle)
            {
                encoders.Add(CategoryEncoder.Fit(column.Name, spec, column, rows.IsTraining));
            }
            else if (spec.Kind == "target")
            {
                (TargetEncoder encoder, past[column.Name]) = TargetEncoder.Fit(column.Name, spec, column, rows);
                encoders.Add(encoder);
            }
            else if (spec.Kind != EncoderSpec.None)
            {
                encoders.Add(OfText(spec, column, rows.IsTraining, folder, files));
            }
        }

        FeatureEncoders all = new(rows.Numbers, [.. rows.Texts.Select(static column => column.Name)], encoders, files);
        return (all, all.EncodeAll(rows, past));
    }

    /// <summary>Encodes rows, none of which was learned from.</summary>
    /// <param name="rows">Rows of the same features.</param>
    public EncodedRows Encode(EncoderRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return EncodeAll(rows, new Dictionary<string, float[]>(StringComparer.Ordinal));
    }

    /// <summary>True where a text feature is read by somebody's model, or names pictures, which takes milliseconds for a
    /// text that was not met of late.</summary>
    /// <param name="text">Index in <see cref="Texts"/>.</param>
    public bool IsSlow(int text) => Slow(text) is not null;

    /// <summary>Encodes a text ahead of the rows that have it.</summary>
    /// <param name="text">Index of the feature in <see cref="Texts"/>.</param>
    /// <param name="value">The text.</param>
    public void Warm(int text, string value) => Slow(text)?.Warm(value);

    /// <summary>Most sparse entries that a row may have.</summary>
    /// <param name="row">The row.</param>
    public int RoomFor(in FeatureRow row)
    {
        int room = 0;
        foreach ((FeatureEncoder encoder, bool isText, int index, _, _) in _places)
        {
            room += encoder.RoomFor(isText ? row.TextsOf(index) : []);
        }

        return room;
    }

    /// <summary>Encodes a row into the caller's memory.</summary>
    /// <param name="row">The row.</param>
    /// <param name="dense">Room for the dense part, length <see cref="DenseCount"/>; overwritten.</param>
    /// <param name="columns">Room for the columns of the sparse part, <see cref="RoomFor"/> the row.</param>
    /// <param name="values">Room for their values, as long.</param>
    /// <returns>Sparse entries written.</returns>
    public int Encode(in FeatureRow row, Span<float> dense, Span<int> columns, Span<float> values)
    {
        SparseEntries sparse = new(columns, values);
        foreach ((FeatureEncoder encoder, bool isText, int index, int first, int offset) in _places)
        {
            Span<float> own = dense.Slice(first, encoder.DenseCount);
            if (isText)
            {
                encoder.Encode(row.TextsOf(index), own, offset, ref sparse);
            }
            else
            {
                encoder.Encode(row.Numbers[index], own, offset, ref sparse);
            }
        }

        return sparse.Count;
    }

    /// <summary>Writes what was fitted, as <c>docs/formats/encoders.md</c> says: equal rows give equal bytes.</summary>
    public byte[] Save() => JsonSerializer.SerializeToUtf8Bytes(
        new EncoderFile(
            Format, Version, Numbers, Texts, [.. _places.Select(static place => place.Encoder.State)]),
        EncoderJson.Default.EncoderFile);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="bytes">All its bytes.</param>
    /// <param name="files">The <see cref="Files"/> that were saved with them; null for none.</param>
    /// <param name="folder">The folder of tandem.yaml, where folders of pictures lie.</param>
    /// <exception cref="TandemException">FEA031: the bytes are no encoders of a known version, or a file is not there; INF
    /// codes: it is no model, or no vocabulary of texts.</exception>
    public static FeatureEncoders Load(
        ReadOnlySpan<byte> bytes, IReadOnlyDictionary<string, byte[]>? files = null, string folder = "")
    {
        files ??= new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            EncoderFile? file = JsonSerializer.Deserialize(bytes, EncoderJson.Default.EncoderFile);
            if (file is not { Format: Format, Version: Version, Encoders: not null, Numbers: not null })
            {
                throw FeaturesErrors.DamagedEncoders("they do not say that they are tandem-encoders of version 1");
            }

            return new FeatureEncoders(
                file.Numbers, file.Texts ?? [],
                [
                    .. file.Encoders.Select(state => FeatureEncoder.Of(state, files, folder)
                        ?? throw FeaturesErrors.DamagedEncoders($"'{state.Feature}' has no whole '{state.Kind}'")),
                ],
                new Dictionary<string, byte[]>(StringComparer.Ordinal));
        }
        catch (JsonException wrong)
        {
            throw FeaturesErrors.DamagedEncoders(wrong.Message);
        }
    }

    private static FeatureEncoder OfText(
        EncoderSpec spec, TextColumn column, bool[] isTraining, string folder, Dictionary<string, byte[]> files) =>
        spec.Kind switch
        {
            "vocabulary" => VocabularyEncoder.Fit(column.Name, spec, column, isTraining),
            "tf_idf" => WordEncoder.Fit(column.Name, spec, column, isTraining),
            EncoderSpec.Embedding => EmbeddingEncoder.Make(column.Name, spec, folder, files)
                .Reduce(spec.Components, column, isTraining),
            EncoderSpec.Image => PictureFolder.Fit(spec, column, isTraining, folder, files)
                .Reduce(spec.Components, column, isTraining),
            "words" => WordEncoder.Make(column.Name, spec),
            _ => HashEncoder.Make(column.Name, spec),
        };

    private EmbeddingEncoder? Slow(int text) => Array.Find(
        _places, place => place.IsText && place.Index == text).Encoder as EmbeddingEncoder;

    private static bool IsTextKind(string kind) =>
        kind == CategoryEncoder.Kind || EncoderSpec.TextKinds.Contains(kind, StringComparer.Ordinal);

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    private EncodedRows EncodeAll(EncoderRows rows, Dictionary<string, float[]> past)
    {
        float[] dense = new float[(long)rows.Count * DenseCount];
        int[] starts = new int[rows.Count + 1];
        List<int> allColumns = [];
        List<float> allValues = [];
        RowTexts texts = new(rows.Texts);
        int[] columns = [];
        float[] values = [];
        for (int row = 0; row < rows.Count; row++)
        {
            texts.MoveTo(row);
            FeatureRow one = new()
            {
                Numbers = rows.Values.AsSpan(row * rows.Numbers.Count, rows.Numbers.Count),
                Texts = texts.All,
                TextStarts = texts.Starts,
            };
            int room = RoomFor(in one);
            if (columns.Length < room)
            {
                columns = new int[room];
                values = new float[room];
            }

            Span<float> own = dense.AsSpan(row * DenseCount, DenseCount);
            int count = Encode(in one, own, columns, values);
            foreach ((FeatureEncoder encoder, _, _, int first, _) in _places)
            {
                if (rows.IsTraining[row] && past.TryGetValue(encoder.State.Feature, out float[]? rates))
                {
                    own[first] = rates[row];
                }
            }

            allColumns.AddRange(columns.AsSpan(0, count));
            allValues.AddRange(values.AsSpan(0, count));
            starts[row + 1] = allColumns.Count;
        }

        return new EncodedRows(dense, starts, [.. allColumns], [.. allValues]);
    }

    /// <summary>The texts of one row after another, as encoders read them.</summary>
    private sealed class RowTexts(IReadOnlyList<TextColumn> columns)
    {
        private readonly List<string> _all = [];
        private readonly int[] _starts = new int[columns.Count + 1];

        public ReadOnlySpan<string> All => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_all);

        public ReadOnlySpan<int> Starts => _starts;

        public void MoveTo(int row)
        {
            _all.Clear();
            for (int i = 0; i < columns.Count; i++)
            {
                for (int text = 0; text < columns[i].Count(row); text++)
                {
                    _all.Add(columns[i].Text(row, text));
                }

                _starts[i + 1] = _all.Count;
            }
        }
    }
}
