using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tandem.Spec.Yaml;

/// <summary>Compares a text before and after an edit: one place may differ, and it must hold what was asked
/// for.</summary>
internal static class EditCheck
{
    public static bool IsSet(Node? before, Node? after, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.IsEmpty)
        {
            return Holds(after, value);
        }

        if (before is ListNode oldList && after is ListNode newList)
        {
            int index = int.Parse(path[0], System.Globalization.CultureInfo.InvariantCulture);
            return oldList.Items.Count == newList.Items.Count
                && IsSet(oldList.Items[index], newList.Items[index], path[1..], value)
                && !oldList.Items.Where((item, i) => i != index && !AreSame(item, newList.Items[i])).Any();
        }

        string key = path[0];
        MapEntry? old = (before as MapNode)?.Find(key);
        return after is MapNode map
            && map.Find(key) is { } entry
            && AreSameBut(before as MapNode, map, key)
            && IsSet(old?.Value, entry.Value, path[1..], value);
    }

    public static bool IsRemoved(Node? before, Node? after, ReadOnlySpan<string> path)
    {
        if (before is ListNode oldList && after is ListNode newList)
        {
            int index = int.Parse(path[0], System.Globalization.CultureInfo.InvariantCulture);
            return oldList.Items.Count == newList.Items.Count
                && IsRemoved(oldList.Items[index], newList.Items[index], path[1..])
                && !oldList.Items.Where((item, i) => i != index && !AreSame(item, newList.Items[i])).Any();
        }

        if (before is not MapNode old)
        {
            return false;
        }

        string key = path[0];
        if (path.Length == 1)
        {
            return old.Entries.Count == 1
                ? after is ScalarNode { IsNull: true } or MapNode { Entries.Count: 0 }
                : after is MapNode rest && AreSameBut(old, rest, key) && rest.Entries.Count == old.Entries.Count - 1;
        }

        return after is MapNode map
            && AreSameBut(old, map, key)
            && IsRemoved(old.Find(key)!.Value, map.Find(key)?.Value, path[1..]);
    }

    /// <summary>True where all entries but those of one key are the same, in the same order.</summary>
    private static bool AreSameBut(MapNode? before, MapNode after, string key)
    {
        MapEntry? skippedOld = before?.Find(key);
        MapEntry? skippedNew = after.Find(key);
        MapEntry[] old = [.. (before?.Entries ?? []).Where(entry => entry != skippedOld)];
        MapEntry[] next = [.. after.Entries.Where(entry => entry != skippedNew)];
        if (skippedNew is null || old.Length != next.Length)
        {
            // A removed key may have stood there twice; then its twin must stay.
            return skippedNew is null && old.Length == next.Length
                && old.Zip(next).All(static pair => AreSame(pair.First, pair.Second));
        }

        return old.Zip(next).All(static pair => AreSame(pair.First, pair.Second));
    }

    private static bool AreSame(MapEntry a, MapEntry b) => a.Key.Text == b.Key.Text && AreSame(a.Value, b.Value);

    private static bool AreSame(Node a, Node b) => (a, b) switch
    {
        (ScalarNode one, ScalarNode two) => one.Text == two.Text && one.IsPlain == two.IsPlain,
        (ListNode one, ListNode two) =>
            one.Items.Count == two.Items.Count
                && one.Items.Zip(two.Items).All(static pair => AreSame(pair.First, pair.Second)),
        (MapNode one, MapNode two) =>
            one.Entries.Count == two.Entries.Count
                && one.Entries.Zip(two.Entries).All(static pair => AreSame(pair.First, pair.Second)),
        _ => false,
    };

    private static bool Holds(Node? node, JsonNode? value) => (node, value) switch
    {
        (ScalarNode scalar, null) => scalar.IsNull,
        (ScalarNode scalar, JsonValue) => !scalar.IsNull
            && scalar.Text == (
                value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()),
        (ListNode list, JsonArray items) =>
            list.Items.Count == items.Count && list.Items.Zip(items).All(static pair => Holds(pair.First, pair.Second)),
        (MapNode map, JsonObject pairs) =>
            map.Entries.Count == pairs.Count
                && pairs.All(pair => map.Find(pair.Key) is { } entry && Holds(entry.Value, pair.Value)),
        _ => false,
    };
}
