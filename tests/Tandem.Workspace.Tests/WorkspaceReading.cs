using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;

namespace Tandem.Workspace.Tests;

/// <summary>Looks at what a workspace keeps, by its own rooms.</summary>
internal static class WorkspaceReading
{
    public static async Task<IReadOnlyList<EventRecord>> ReadLogAsync(this TandemWorkspace workspace)
    {
        List<EventRecord> events = [];
        IJournal journal = workspace.Journal;
        await foreach (JournalBatch batch in journal.ReadAsync(journal.Begin))
        {
            events.AddRange(batch.Events);
        }

        return events;
    }

    /// <summary>The lake's positives by user, oldest first.</summary>
    public static async Task<IReadOnlyDictionary<string, string[]>> ReadInteractionsAsync(this TandemWorkspace workspace)
    {
        using LakeSnapshot snapshot = await workspace.Lake.SnapshotAsync();
        var set = InteractionSet.Read(
            snapshot, workspace.Spec, InteractionQuery.Of(workspace.Spec.Objective.Label));
        return Enumerable.Range(0, set.UserCount).ToDictionary(
            user => set.Users.Text(user),
            user => set.RowItems[set.RowStarts[user]..set.RowStarts[user + 1]].Select(set.Items.Text).ToArray(),
            StringComparer.Ordinal);
    }

    /// <summary>What serving would score a user from.</summary>
    public static string[] ReadHistory(this TandemWorkspace workspace, string user)
    {
        int[] items = new int[1000];
        int count = workspace.Activity.CopyPositives(user, items, new long[1000], out _);
        return [.. items.AsSpan(0, count).ToArray().Select(item => workspace.Catalogue.Items.Text(item))];
    }
}
