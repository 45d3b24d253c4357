using System.Globalization;

namespace Tandem.Features;

/// <summary>The rows of a training set before they have features: about whom, as of when, with which label.</summary>
public sealed record Spine
{
    /// <summary>Names of the entities that each row names.</summary>
    public required IReadOnlyList<string> Entities { get; init; }

    /// <summary>Ids by entity, in the order of <see cref="Entities"/>, then by row.</summary>
    public required IReadOnlyList<string[]> Ids { get; init; }

    /// <summary>The moment of each row, microseconds since 1970: its features see what had happened and was known
    /// then.</summary>
    public required long[] Times { get; init; }

    /// <summary>Label of each row, or empty.</summary>
    public float[] Labels { get; init; } = [];

    /// <summary>Weight of each row, or empty for 1.</summary>
    public float[] Weights { get; init; } = [];

    /// <summary>Part of the split that each row belongs to, such as <c>train</c>, or empty.</summary>
    public string[] Parts { get; init; } = [];

    /// <summary>Place in the log of each row: its features see no event from there on, known or not. Empty, or
    /// <see cref="long.MaxValue"/> for a row: everything that was known.</summary>
    /// <remarks>An answer sees what was applied by then, which is a little less than what was known. With the place that
    /// it logged, a row is what the answer saw.</remarks>
    public long[] SeenUntil { get; init; } = [];

    /// <summary>What the request of each row said, by column of the impression; not kept in a saved set, whose values
    /// hold what was made of it.</summary>
    public IReadOnlyDictionary<string, RequestColumn> Request { get; init; } =
        new Dictionary<string, RequestColumn>(StringComparer.Ordinal);

    /// <summary>Number of rows.</summary>
    public int Count => Times.Length;

    /// <summary>The ids of one entity, by row.</summary>
    internal string[] IdsOf(string entity)
    {
        int index = 0;
        while (Entities[index] != entity)
        {
            index++;
        }

        return Ids[index];
    }

    /// <summary>What tells a row from others: its ids and its moment.</summary>
    internal string KeyOf(int row) => string.Create(
        CultureInfo.InvariantCulture, $"{string.Join('\n', Ids.Select(ids => ids[row]))}\n{Times[row]}");

    /// <summary>Some of the rows, in the order given.</summary>
    internal Spine Take(int[] rows)
    {
        return this with
        {
            Ids = [.. Ids.Select(ids => Of(ids))],
            Times = Of(Times),
            Labels = Of(Labels),
            Weights = Of(Weights),
            Parts = Of(Parts),
            SeenUntil = Of(SeenUntil),
            Request = Request.ToDictionary(
                static column => column.Key, column => column.Value.Take(rows), StringComparer.Ordinal),
        };

        T[] Of<T>(T[] all) => all.Length == 0 ? all : Array.ConvertAll(rows, row => all[row]);
    }

    /// <summary>Checks that the arrays have one length.</summary>
    /// <exception cref="InvalidOperationException">They have not.</exception>
    internal void Check()
    {
        bool fits = Ids.Count == Entities.Count && Ids.All(i => i.Length == Count)
            && (Labels.Length == 0 || Labels.Length == Count)
            && (Weights.Length == 0 || Weights.Length == Count)
            && (Parts.Length == 0 || Parts.Length == Count)
            && (SeenUntil.Length == 0 || SeenUntil.Length == Count)
            && Request.Values.All(column => column.Count == Count);
        if (!fits)
        {
            throw new InvalidOperationException($"The spine has {Count} times, but not as many of everything else.");
        }
    }
}
