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

    /// <summary>User ids in the model's order.</summary>
    public const string Users = "users.idx";

    /// <summary>Distribution of each feature in the training set, for drift reports.</summary>
    public const string Profiles = "profiles.json";

    /// <summary>The evaluation that the gate decided on.</summary>
    public const string Evaluation = "evaluation.json";

    /// <summary>Lineage parameter that holds the kind of <see cref="Fallback"/>.</summary>
    public const string FallbackKind = "fallback_kind";
}
