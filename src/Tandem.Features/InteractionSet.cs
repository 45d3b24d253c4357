using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tandem.Faults;
using Tandem.Features.Evaluation;
using Tandem.Lake;
using Tandem.Spec;

namespace Tandem.Features;

/// <summary>Who chose what, in order, as plain arrays: sparse rows by user, oldest first. Equal data gives equal
/// arrays.</summary>
public sealed class InteractionSet
{
    private InteractionSet(EntityIndex users, EntityIndex items, InteractionRows rows, long manifest, string definition)
    {
        Users = users;
        Items = items;
        UserCount = users.Count;
        ItemCount = items.Count;
        (RowStarts, RowItems, EventTimes) = rows.Sort(UserCount);
        AgeDays = EventTimes.Length == 0 ? [] : rows.Ages(EventTimes);
        Manifest = manifest;
        Hash = HashAll(definition);
    }

    /// <summary>Numbers the users, by first appearance in the log.</summary>
    public EntityIndex Users { get; }

    /// <summary>Numbers the items, by first appearance in the log.</summary>
    public EntityIndex Items { get; }

    /// <summary>Users numbered when the set was read.</summary>
    public int UserCount { get; }

    /// <summary>Items numbered when the set was read.</summary>
    public int ItemCount { get; }

    /// <summary>Where each user's rows begin, length <see cref="UserCount"/> + 1.</summary>
    public int[] RowStarts { get; }

    /// <summary>Item of each row; a user's rows are sorted by event time, then by place in the log.</summary>
    public int[] RowItems { get; }

    /// <summary>Age of each row in days before <em>now</em>, ≥ 0; empty where the source has no times.</summary>
    public float[] AgeDays { get; }

    /// <summary>Event time of each row in microseconds since 1970; empty where the source has no times.</summary>
    public long[] EventTimes { get; }

    /// <summary>Number of rows.</summary>
    public int Count => RowItems.Length;

    /// <summary>Number of the lake manifest that was read.</summary>
    public long Manifest { get; }

    /// <summary>Hash of what was asked for and of every array, <c>sha256:…</c>.</summary>
    public string Hash { get; }

    /// <summary>Reads interactions from the lake.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="spec">The system, which declares the source.</param>
    /// <param name="query">Which rows.</param>
    /// <param name="users">Numbers to continue, such as those of the training part; extended by new users. Null starts
    /// from none.</param>
    /// <param name="items">As <paramref name="users"/>, for items.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TandemException">FEA001, FEA003, FEA006: the source, an entity or a condition does not
    /// exist.</exception>
    /// <remarks>O(rows), plus a sort of each user whose rows arrived out of order. The work is done on the calling
    /// thread.</remarks>
    public static InteractionSet Read(
        LakeSnapshot snapshot, SystemSpec spec, InteractionQuery query, EntityIndex? users = null,
        EntityIndex? items = null, CancellationToken cancellationToken = default)
    {
        var plan = new InteractionPlan(spec, query);
        users ??= new EntityIndex();
        items ??= new EntityIndex();
        var rows = new InteractionRows(plan.HasTimes, query.Now ?? query.To);
        plan.Read(snapshot, users, items, rows, cancellationToken);
        return new InteractionSet(users, items, rows, snapshot.Manifest.Number, plan.Definition);
    }

    private string HashAll(string definition)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(definition));
        hash.AppendData(Users.Save());
        hash.AppendData(Items.Save());
        hash.AppendData(MemoryMarshal.AsBytes<int>(RowStarts));
        hash.AppendData(MemoryMarshal.AsBytes<int>(RowItems));
        hash.AppendData(MemoryMarshal.AsBytes<float>(AgeDays));
        hash.AppendData(MemoryMarshal.AsBytes<long>(EventTimes));
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
