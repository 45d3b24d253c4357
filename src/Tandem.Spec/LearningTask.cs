namespace Tandem.Spec;

/// <summary>The closed set of tasks: what each is judged by, and its defaults.</summary>
internal sealed record LearningTask(string Name, IReadOnlyList<MetricFamily> Families, IReadOnlyList<string> Metrics)
{
    /// <summary>Stands for no model in <c>gate.beats</c> and <c>serving.fallback</c>.</summary>
    public const string None = "none";

    /// <summary>The baseline that says the same of every row.</summary>
    public const string Constant = "constant";

    /// <summary>Orders what was shown, or the rows of a group.</summary>
    public const string Ranking = "ranking";

    /// <summary>Says what a treatment changes.</summary>
    public const string Uplift = "uplift";

    /// <summary>Metrics of grades in groups of rows.</summary>
    public static readonly IReadOnlyList<string> Graded = ["ndcg@1", "ndcg@3", "ndcg@5", "ndcg@10"];

    private static readonly IReadOnlyList<string> Ranked = new EvaluationSpec().Metrics;
    private static readonly string[] Classified = ["pr_auc", "roc_auc", "log_loss", "brier", "ece"];
    private static readonly string[] Numbers = ["mae", "rmse"];

    private static readonly LearningTask[] All =
    [
        new("binary", [MetricFamily.Classification], Classified),
        new("multilabel", [MetricFamily.Classification], Classified),
        new("multiclass", [MetricFamily.Classification], ["log_loss", "accuracy", "f1"]),
        new("regression", [MetricFamily.Regression], Numbers),
        new("quantile", [MetricFamily.Regression], ["pinball_loss"]),
        new(Ranking, [MetricFamily.Ranking], Ranked),
        new("retrieval", [MetricFamily.Ranking], Ranked),
        new("sequence_next", [MetricFamily.Ranking], Ranked),
        new("link_prediction", [MetricFamily.Ranking, MetricFamily.Classification], Ranked),
        new(Uplift, [MetricFamily.Uplift, MetricFamily.Classification], ["qini"]),
        new("forecast", [MetricFamily.Regression], Numbers),
        new("detection", [MetricFamily.Classification], Classified),
        new("pair_match", [MetricFamily.Classification, MetricFamily.Ranking], Classified),
    ];

    /// <summary>The names, in the order of the reference page.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(static task => task.Name)];

    /// <summary>True where the answer is an ordered list of items.</summary>
    public bool IsOrdered => Families[0] == MetricFamily.Ranking;

    /// <summary>True where a label may stand in a row of features: a class, several, a number or a grade.</summary>
    public bool IsOfRows => Name is "binary" or "multilabel" or "multiclass" or "regression" or "quantile" or Ranking or Uplift;

    /// <summary>The task of a name, or null.</summary>
    public static LearningTask? Find(string name) => Array.Find(All, task => task.Name == name);
}
