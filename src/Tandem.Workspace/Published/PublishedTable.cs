using Tandem.Faults;
using Tandem.Learning;
using Tandem.Learning.Pictures;
using Tandem.Spec;

namespace Tandem.Workspace.Published;

/// <summary>Public data with published results, and the system that reaches them again.</summary>
public sealed class PublishedTable
{
    private const string TwoTower = "two_tower";
    private const string BoostedTrees = "boosted_trees";
    private const string Area = "auc";
    private const string Precision = "average_precision";
    private const string ScikitLearn = "scikit-learn, same data and protocol";
    private const string Leaderboard = "BARS-Match, leaderboard";
    private const string Authors = "LightGCN-PyTorch, README";
    private const string Repository = "S3-Rec, README";
    private const string Report = "Lake et al., 2019";

    private PublishedTable(string name, string folder, string? example, params PublishedFigure[] figures)
    {
        Name = name;
        Folder = folder;
        Example = example;
        Figures = figures;
    }

    /// <summary>All tables.</summary>
    public static IReadOnlyList<PublishedTable> All { get; } =
    [
        new(
            "gowalla", "gowalla", "gowalla.yaml",
            Gowalla("GF-CF", "graph_filter (2)", 0.1849, 0.1518, "Shen et al., CIKM 2021"),
            Gowalla("BSPM-EM", "graph_filter", 0.1920, 0.1597, "Choi et al., SIGIR 2023"),
            Gowalla("SLIM", "slim", 0.1699, 0.1382, Leaderboard),
            Gowalla("ItemCF", null, 0.1570, 0.1214, Leaderboard),
            Gowalla("MF-BPR", null, 0.1627, 0.1378, Leaderboard),
            Gowalla("LightGCN, 3 layers", null, 0.1824, 0.1547, Authors),
            Gowalla("SimpleX", null, 0.1872, 0.1557, "Mao et al., CIKM 2021")),
        new(
            "beauty", "amazon-beauty", "amazon-beauty.yaml",
            Beauty("PopRec", "popular", 0.0152, 0.0068),
            Beauty("GRU4Rec", null, 0.0283, 0.0137),
            Beauty("SASRec", "sasrec", 0.0605, 0.0318),
            Beauty("S3-Rec", null, 0.0647, 0.0327))
        {
            HeldOut = ("Beauty.txt.gz", "Beauty_item2attributes.json.gz"),
        },
        new(
            "bank", "bank-marketing", "bank-marketing.yaml",
            Rows("logistic regression", "logistic", ScikitLearn, (Area, 0.7929), (Precision, 0.4441)),
            Rows("histogram boosting", BoostedTrees, ScikitLearn, (Area, 0.8066), (Precision, 0.4672)),
            Rows("logistic regression", "logistic" + PublishedRows.ByTime, ScikitLearn, (Area, 0.6472), (Precision, 0.4592)),
            Rows("histogram boosting", BoostedTrees + PublishedRows.ByTime, ScikitLearn, (Area, 0.6359), (Precision, 0.4294)))
        {
            IsByTimeToo = true,
        },
        new(
            "higgs", "lightgbm-ltr", "higgs.yaml",
            Rows("histogram boosting", BoostedTrees, ScikitLearn, (Area, 0.8313))),
        new(
            "ltr", "lightgbm-ltr", "lightgbm-ltr.yaml",
            Rows("histogram boosting", BoostedTrees + " pointwise", ScikitLearn,
                ("ndcg@1", 0.6438), ("ndcg@3", 0.6816), ("ndcg@5", 0.7074), ("ndcg@10", 0.7679)),
            Rows("random order", null, ScikitLearn,
                ("ndcg@1", 0.3475), ("ndcg@3", 0.4145), ("ndcg@5", 0.4674), ("ndcg@10", 0.5818)))
        {
            IsPointwiseToo = true,
        },
        new(
            "omniglot", "omniglot", example: null,
            Drawings("people", 4.5, Report), Drawings("Bayesian program learning", 3.3, Report),
            Drawings("prototypical network, 30 alphabets", 13.7, Report),
            Drawings("modified Hausdorff distance", 38.8, "Omniglot, demo")),
    ];

    /// <summary>Name of the table: <c>gowalla</c>, <c>beauty</c>, <c>bank</c>, <c>higgs</c>, <c>ltr</c>,
    /// <c>omniglot</c>.</summary>
    public string Name { get; }

    /// <summary>Name of the data's own folder among others.</summary>
    public string Folder { get; }

    /// <summary>What was published.</summary>
    public IReadOnlyList<PublishedFigure> Figures { get; }

    /// <summary>The example system that has the table's models; null where the table is judged by
    /// <see cref="Omniglot"/>.</summary>
    private string? Example { get; }

    /// <summary>Files of sequences and of item attributes for <see cref="HeldOutItems"/>, or null.</summary>
    private (string Sequences, string Attributes)? HeldOut { get; init; }

    /// <summary>True to judge on the last fifth of the rows, too.</summary>
    private bool IsByTimeToo { get; init; }

    /// <summary>True to fit grades one by one, too.</summary>
    private bool IsPointwiseToo { get; init; }

    /// <summary>Finds a table.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="TandemException">WSP090: there is none of that name.</exception>
    public static PublishedTable Find(string name) =>
        All.FirstOrDefault(table => table.Name == name)
        ?? throw WorkspaceErrors.NoTable(name, [.. All.Select(static table => table.Name)]);

    /// <summary>Fits and judges the models of the table.</summary>
    /// <param name="data">The data's folder, or the folder that it lies in under the name <see cref="Folder"/>.</param>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="only">Kinds to fit beside the baselines; none fits all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Our figures.</returns>
    /// <exception cref="TandemException">WSP092: the table has no such kind. The data is not there, or not what it should
    /// be.</exception>
    public async Task<EvaluationResult> ReproduceAsync(
        string data, IProgress<(string Step, double Share)> progress, IReadOnlyList<string> only,
        CancellationToken cancellationToken = default)
    {
        string own = Path.Combine(data, Folder);
        if (Example is null)
        {
            return await Task.Run(
                () => JudgeDrawings(Directory.Exists(own) ? own : data, only, progress, cancellationToken),
                cancellationToken).ConfigureAwait(false);
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("tandem-reproduce-");
        try
        {
            string spec = Path.Combine(folder.FullName, Example);
            using (StreamReader example = new(typeof(PublishedTable).Assembly.GetManifestResourceStream(Example)!))
            {
                string text = await example.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
                await File.WriteAllTextAsync(spec, Reduce(text, only), cancellationToken).ConfigureAwait(false);
            }

            string source = Directory.Exists(own) ? own : data;
            if (SpecFile.Load(spec, WorkspaceVocabulary.Build()).Spec is { IsTabular: true } rows)
            {
                return await PublishedRows.ReproduceAsync(
                    rows, source, IsByTimeToo, IsPointwiseToo, progress, cancellationToken).ConfigureAwait(false);
            }

            EvaluationResult found = await FolderEvaluation.RunAsync(
                spec, source, progress, cancellationToken: cancellationToken).ConfigureAwait(false);
            return HeldOut is not { } files || (only.Count > 0 && !only.Contains(TwoTower, StringComparer.Ordinal))
                ? found
                : found with
                {
                    Models =
                    [
                        .. found.Models,
                        .. await Task.Run(
                            () => HeldOutItems.Judge(
                                Path.Combine(source, files.Sequences), Path.Combine(source, files.Attributes),
                                new Dictionary<string, double>(StringComparer.Ordinal), progress, cancellationToken),
                            cancellationToken).ConfigureAwait(false),
                    ],
                };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private EvaluationResult JudgeDrawings(
        string folder, IReadOnlyList<string> only, IProgress<(string Step, double Share)> progress,
        CancellationToken cancellationToken) =>
        only.FirstOrDefault(static kind => kind != Omniglot.Encoder) is { } unknown
            ? throw WorkspaceErrors.NotInTable(unknown, Name, [Omniglot.Encoder])
            : Omniglot.Judge(folder, Omniglot.Options, progress, cancellationToken);

    /// <summary>The same system with fewer models.</summary>
    private string Reduce(string text, IReadOnlyList<string> only)
    {
        if (only.Count == 0)
        {
            return text;
        }

        SystemSpec spec = SpecFile.Parse(text, Example!, WorkspaceVocabulary.Build()).Spec!;
        ModelChoiceSpec[] all = [spec.Model.Predict ?? spec.Model.Retrieve, .. spec.Training.Candidates];
        string[] kinds = [.. all.Select(static model => model.Kind).Distinct(StringComparer.Ordinal)];
        if (only.FirstOrDefault(kind => !kinds.Contains(kind, StringComparer.Ordinal)) is { } unknown)
        {
            throw WorkspaceErrors.NotInTable(unknown, Name, kinds);
        }

        ModelChoiceSpec[] kept = [.. all.Where(model => only.Contains(model.Kind, StringComparer.Ordinal))];
        return SpecYaml.Write(spec with
        {
            Model = spec.IsTabular ? spec.Model with { Predict = kept[0] } : spec.Model with { Retrieve = kept[0] },
            Training = spec.Training with { Candidates = kept[1..] },
        });
    }

    private static PublishedFigure Gowalla(string model, string? ours, double recall, double ndcg, string source) =>
        new(model, ours, Values(("recall@20", recall), ("ndcg@20", ndcg)), source);

    private static PublishedFigure Beauty(string model, string? ours, double hits, double ndcg) =>
        new(model, ours, Values(("hr@10", hits), ("ndcg@10", ndcg)), Repository);

    private static PublishedFigure Rows(
        string model, string? ours, string source, params ReadOnlySpan<(string Metric, double Value)> figures) =>
        new(model, ours, Values(figures), source);

    private static PublishedFigure Drawings(string model, double error, string source) =>
        new(model, null, Values((OneShot.Metric, error)), source);

    private static Dictionary<string, double> Values(params ReadOnlySpan<(string Metric, double Value)> values)
    {
        Dictionary<string, double> metrics = new(StringComparer.Ordinal);
        foreach ((string metric, double value) in values)
        {
            metrics[metric] = value;
        }

        return metrics;
    }
}
