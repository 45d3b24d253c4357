namespace Tandem.Learning;

/// <summary>A kind of model: its name, settings, and how to fit and load it.</summary>
public sealed record ModelKind
{
    /// <summary>Name in tandem.yaml, such as <c>ials</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One line of help.</summary>
    public required string Summary { get; init; }

    /// <summary>Its settings.</summary>
    public required IReadOnlyList<ModelParameter> Parameters { get; init; }

    /// <summary>True where rows without times cannot be used.</summary>
    public bool NeedsTimes { get; init; }

    /// <summary>True where it learns from the attributes of users and items, which are then read and encoded for
    /// it.</summary>
    public bool ReadsAttributes { get; init; }

    /// <summary>Tells whether fitting with settings can go on from a model (<see cref="FitContext.WarmStart"/>): it is of this
    /// kind and of these sizes. Kinds that count never do: they count again.</summary>
    public Func<IItemScorer, IReadOnlyDictionary<string, double>, bool> GoesOnFrom { get; init; } = static (_, _) => false;

    /// <summary>Fits an item scorer: interactions, parameters by name (missing ones take their default),
    /// context.</summary>
    public required Func<
        Interactions, IReadOnlyDictionary<string, double>, FitContext, CancellationToken, IItemScorer> Fit
    {
        get; init;
    }

    /// <summary>Reads a model of this kind back.</summary>
    public required Func<Stream, IItemScorer> Load { get; init; }
}
