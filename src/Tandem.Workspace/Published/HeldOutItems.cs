using System.IO.Compression;
using System.Text.Json;
using Tandem.Faults;
using Tandem.Learning;
using Tandem.Numerics;

namespace Tandem.Workspace.Published;

/// <summary>A protocol of its own beside the published ones: a tenth of the items is held out of training whole, and a model
/// ranks them among themselves for everybody who chose some, by what is known of the items alone.</summary>
internal static class HeldOutItems
{
    /// <summary>What the names of the lines end in.</summary>
    public const string Suffix = " (held-out items)";

    private const ulong Seed = 42;
    private const double Share = 0.1;

    private static readonly string[] Metrics = ["recall@20", "ndcg@20"];

    /// <summary>Judges popularity and two towers.</summary>
    /// <param name="sequences">Packed lines of a user and their items, in the order of time.</param>
    /// <param name="attributes">Packed JSON: an object of items with lists of whole numbers.</param>
    /// <param name="parameters">Settings of the two towers.</param>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A line for each, named so that nobody takes it for one of another protocol.</returns>
    /// <exception cref="TandemException">WSP091: a file is missing or not what it should be.</exception>
    public static IReadOnlyList<ModelEvaluation> Judge(
        string sequences, string attributes, IReadOnlyDictionary<string, double> parameters,
        IProgress<(string Step, double Share)> progress, CancellationToken cancellationToken)
    {
        (List<int[]> users, int[][] known) = Read(sequences, attributes);
        bool[] isHeldOut = new bool[known.Length];
        SeededRandom random = new(Seed);
        foreach (ref bool held in isHeldOut.AsSpan())
        {
            held = random.NextDouble() < Share;
        }

        Interactions train = RowsOf(users, known.Length, item => !isHeldOut[item]) with
        {
            ItemAttributes = AttributesOf(known),
        };
        var split = DataSplit.Given(train, RowsOf(users, known.Length, item => isHeldOut[item]));
        EvaluationOptions options = new() { Metrics = Metrics, Seed = Seed };
        List<ModelEvaluation> lines = [];
        foreach ((string kind, IReadOnlyDictionary<string, double> settings) in
            new[] { ("popular", new Dictionary<string, double>(StringComparer.Ordinal)), ("two_tower", parameters) })
        {
            string step = $"fit and judge {kind}{Suffix}";
            progress.Report((step, 0));
            IItemScorer model = ModelCatalogue.Default.Find(kind).Fit(
                train, settings, new FitContext { Seed = Seed }, cancellationToken);
            lines.Add(Evaluation.Run(
                kind + Suffix, new HeldOutScorer(model, isHeldOut), split, options, cancellationToken));
            progress.Report((step, 1));
        }

        return lines;
    }

    private static (List<int[]> Users, int[][] Known) Read(string sequences, string attributes)
    {
        try
        {
            List<int[]> users = [];
            using (StreamReader lines = new(new GZipStream(File.OpenRead(sequences), CompressionMode.Decompress)))
            {
                while (lines.ReadLine() is { } line)
                {
                    users.Add(
                    [
                        .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                            .Select(static item => int.Parse(item, System.Globalization.CultureInfo.InvariantCulture)),
                    ]);
                }
            }

            int[][] known = [.. Enumerable.Repeat<int[]>([], users.SelectMany(static items => items).Max() + 1)];
            using GZipStream json = new(File.OpenRead(attributes), CompressionMode.Decompress);
            using var document = JsonDocument.Parse(json);
            foreach (JsonProperty item in document.RootElement.EnumerateObject())
            {
                int number = int.Parse(item.Name, System.Globalization.CultureInfo.InvariantCulture);
                if (number < known.Length)
                {
                    known[number] = [.. item.Value.EnumerateArray().Select(static value => value.GetInt32()).Distinct()];
                }
            }

            return (users, known);
        }
        catch (Exception wrong) when (wrong is IOException or InvalidDataException or FormatException or JsonException
            or InvalidOperationException or UnauthorizedAccessException)
        {
            throw WorkspaceErrors.NoAttributes(attributes, wrong);
        }
    }

    private static Interactions RowsOf(List<int[]> users, int itemCount, Func<int, bool> takes)
    {
        int[] starts = new int[users.Count + 1];
        List<int> items = [];
        for (int user = 0; user < users.Count; user++)
        {
            items.AddRange(users[user].Where(takes));
            starts[user + 1] = items.Count;
        }

        return new Interactions { UserCount = users.Count, ItemCount = itemCount, RowStarts = starts, Items = [.. items] };
    }

    /// <summary>Each attribute a column; a row has length 1.</summary>
    private static AttributeRows AttributesOf(int[][] known)
    {
        int[] starts = new int[known.Length + 1];
        for (int item = 0; item < known.Length; item++)
        {
            starts[item + 1] = starts[item] + known[item].Length;
        }

        int[] columns = [.. known.SelectMany(static values => values)];
        return new AttributeRows
        {
            DenseCount = 0,
            SparseCount = columns.DefaultIfEmpty(-1).Max() + 1,
            Dense = [],
            Starts = starts,
            Columns = columns,
            Values = [.. known.SelectMany(static values => values.Select(_ => 1 / MathF.Sqrt(values.Length)))],
        };
    }

    /// <summary>A model that may answer with held-out items only.</summary>
    private sealed class HeldOutScorer(IItemScorer model, bool[] isHeldOut) : IItemScorer
    {
        public string Kind => model.Kind;

        public int ItemCount => model.ItemCount;

        public void ScoreItems(in ItemQuery query, Span<float> scores)
        {
            model.ScoreItems(query, scores);
            for (int item = 0; item < scores.Length; item++)
            {
                scores[item] = isHeldOut[item] ? scores[item] : float.NegativeInfinity;
            }
        }

        public void ScoreSimilar(int item, Span<float> scores) => model.ScoreSimilar(item, scores);

        public void Save(Stream target) => model.Save(target);
    }
}
