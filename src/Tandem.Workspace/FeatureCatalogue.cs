namespace Tandem.Workspace;

/// <summary>Every feature of the system: what it means, where it comes from, how fresh it is, and how its values lie in
/// the champion's training set and in live answers.</summary>
/// <param name="Name">Name of the system.</param>
/// <param name="Time">When this was read.</param>
/// <param name="Model">Version of the champion that <c>train</c> speaks of, or null.</param>
/// <param name="TrainingSet">Hash of its training set, or null.</param>
/// <param name="LiveFrom">Start of the live values, inclusive.</param>
/// <param name="LiveRows">Impressions read for the live values.</param>
/// <param name="Views">The views, by name.</param>
public sealed record FeatureCatalogue(
    string Name, DateTimeOffset Time, int? Model, string? TrainingSet, DateTimeOffset LiveFrom, int LiveRows,
    IReadOnlyList<FeatureViewEntry> Views)
{
    /// <summary>Whether the champion orders candidates by these features; null where it has no ranking model.</summary>
    public RankingEntry? Ranking { get; init; }

    /// <summary>What a request may say of itself.</summary>
    public IReadOnlyList<ContextColumn> Request { get; init; } = [];
}

/// <summary>What a request may say of itself: a column of the impression's source.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as <c>tandem.yaml</c> names it.</param>
/// <param name="IsRequired">True where a context without it is refused.</param>
public sealed record ContextColumn(string Name, string Type, bool IsRequired);

/// <summary>One view.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Entity">Entity that its values belong to, or <c>global</c>; of a view that
/// computes its features when they are read, the entities that it reads of, with commas, or empty.</param>
/// <param name="Source">Source of its events, or the table; empty where features are computed when they are
/// read.</param>
/// <param name="Description">What its owner says of it.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Version">Hash of what it means.</param>
/// <param name="Where">Its conditions, as written.</param>
/// <param name="TimeToLive">Age beyond which values are null, such as <c>30d</c>, or null.</param>
/// <param name="NewestEvent">Newest event time seen online, or null.</param>
/// <param name="Features">Its features, in the order of tandem.yaml.</param>
public sealed record FeatureViewEntry(
    string Name, string Entity, string Source, string Description, string Owner, string Version,
    IReadOnlyList<string> Where, string? TimeToLive, DateTimeOffset? NewestEvent,
    IReadOnlyList<FeatureEntry> Features);

/// <summary>One feature.</summary>
/// <param name="Name">Its name in the view.</param>
/// <param name="Definition">What it computes, such as <c>mean watch_fraction over 7d</c>.</param>
/// <param name="Summary">What its operator means, in a sentence.</param>
/// <param name="Kind">What its values are: <c>number</c>, <c>text</c>, <c>ids</c>, <c>numbers</c> or
/// <c>counts</c>.</param>
/// <param name="Train">Its values in the champion's training set; null for texts and lists, or without a
/// champion.</param>
/// <param name="Live">Its values in live answers; null as <paramref name="Train"/>.</param>
/// <param name="Edges">Edges of the bins of both, one more than shares; empty where neither has values.</param>
/// <param name="Psi">Population stability index between the two, or null.</param>
/// <param name="Verdict">What the drift monitor would say, in a sentence, or null.</param>
public sealed record FeatureEntry(
    string Name, string Definition, string Summary, string Kind, FeatureSpread? Train, FeatureSpread? Live,
    IReadOnlyList<double> Edges, double? Psi, string? Verdict)
{
    /// <summary>Rise of the log-loss of the champion's ranking model when the values are shuffled among rows that it did not
    /// see; null where it does not order by features, or not by this one.</summary>
    public double? Importance { get; init; }

    /// <summary>For a linear model: deviation of what the feature adds to the log-odds; otherwise null.</summary>
    public double? Weight { get; init; }

    /// <summary>Share of the answers of the newest skew report whose value differed from training's, 0 to 1; null before
    /// the first.</summary>
    public double? Skew { get; init; }
}

/// <summary>Whether the champion orders candidates by features.</summary>
/// <param name="Kind">Kind of its ranking model, such as <c>logistic</c>.</param>
/// <param name="IsUsed">True where it does; false where the order of retrieval is served.</param>
/// <param name="Reason">How it compares with that order; where it is not used, why.</param>
/// <param name="RetrievalImportance">Importance of the score of retrieval beside the features, or null.</param>
public sealed record RankingEntry(string Kind, bool IsUsed, string Reason, double? RetrievalImportance);

/// <summary>How the values of a feature lie.</summary>
/// <param name="Rows">Rows, missing values included.</param>
/// <param name="NullShare">Share of missing values, 0 to 1.</param>
/// <param name="Median">Middle value, or null where there is none.</param>
/// <param name="P05">Value at 5 %, or null.</param>
/// <param name="P95">Value at 95 %, or null.</param>
/// <param name="Shares">Share of the values that are not missing in each bin.</param>
public sealed record FeatureSpread(
    long Rows, double NullShare, double? Median, double? P05, double? P95, IReadOnlyList<double> Shares);
