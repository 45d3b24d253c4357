namespace Tandem.Registry;

/// <summary>Names of the artifacts that a version of an item model holds.</summary>
public static class ArtifactNames
{
    /// <summary>The model, in its kind's own format.</summary>
    public const string Model = "model.bin";

    /// <summary>The model that answers where the first has nothing.</summary>
    public const string Fallback = "fallback.bin";

    /// <summary>Item ids in the model's order.</summary>
    public const string Items = "items.idx";

    /// <summary>The index of the model's item vectors; absent where all items are scored.</summary>
    public const string Index = "items.nn";

    /// <summary>User ids in the model's order.</summary>
    public const string Users = "users.idx";

    /// <summary>Distribution of each feature in the training set, for drift reports.</summary>
    public const string Profiles = "profiles.json";

    /// <summary>The evaluation that the gate decided on.</summary>
    public const string Evaluation = "evaluation.json";

    /// <summary>The model that orders candidates by features, in its kind's own format; absent where the order of retrieval
    /// is served.</summary>
    public const string Rank = "rank.bin";

    /// <summary>How the features become inputs of <see cref="Rank"/>.</summary>
    public const string Encoders = "encoders.json";

    /// <summary>The features of <see cref="Rank"/> in order, with the versions of their views.</summary>
    public const string Features = "features.json";

    /// <summary>How the features of users become inputs of <see cref="Model"/>; absent where it reads none.</summary>
    public const string UserEncoders = "user_encoders.json";

    /// <summary>How the features of items become inputs of <see cref="Model"/>; absent where it reads none.</summary>
    public const string ItemEncoders = "item_encoders.json";

    /// <summary>The features of users and items that <see cref="Model"/> reads, with the versions of their views.</summary>
    public const string Attributes = "attributes.json";

    /// <summary>The tandem.yaml that defines the features of <see cref="Rank"/> and <see cref="Model"/>.</summary>
    public const string Design = "tandem.yaml";

    /// <summary>How <see cref="Rank"/> compares with the order of retrieval, and what it leans on.</summary>
    public const string RankReport = "ranking.json";

    /// <summary>Lineage parameter that holds the kind of <see cref="Rank"/>.</summary>
    public const string RankKind = "rank_kind";

    /// <summary>Lineage parameter that holds the version whose parameters <see cref="Model"/> went on from; absent where it was
    /// fitted anew.</summary>
    public const string WarmStart = "warm_start";

    /// <summary>Lineage parameter that holds the kind of <see cref="Fallback"/>.</summary>
    public const string FallbackKind = "fallback_kind";
}
