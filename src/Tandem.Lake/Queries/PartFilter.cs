using System.Text;

namespace Tandem.Lake.Queries;

/// <summary>What a query asks of a part as a whole: parts that cannot hold a row of it are not opened.</summary>
/// <param name="From">Earliest event time, inclusive, or null.</param>
/// <param name="To">End of event time, exclusive, or null.</param>
/// <param name="KnownUntil">Latest known time, inclusive, or null.</param>
/// <param name="Where">Conditions that must all hold.</param>
internal sealed record PartFilter(
    DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset? KnownUntil, IReadOnlyList<LakeFilter> Where)
{
    /// <summary>False where the manifest's figures rule out that a part holds a row.</summary>
    public bool MayHold(LakePart part, LakeSchema schema)
    {
        bool outside = (From is { } first && !(part.Last >= first))
            || (To is { } end && !(part.First < end))
            || (KnownUntil is { } known && part.FirstKnown > known);
        return !outside && Where.All(filter => MayHold(part, schema, filter));
    }

    private static bool MayHold(LakePart part, LakeSchema schema, LakeFilter filter)
    {
        if (part is not { FirstEntity: { } least, LastEntity: { } most } || schema.Entities.Count == 0
            || !string.Equals(filter.Column, schema.Entities[0], StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return filter switch
        {
            { Comparison: LakeComparison.Equal, Value: string value } => IsWithin(least, value, most),
            { Comparison: LakeComparison.In, Value: IEnumerable<object> values } =>
                values.OfType<string>().Any(value => IsWithin(least, value, most)),
            _ => true,
        };
    }

    private static bool IsWithin(string least, string value, string most)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(value);
        return bytes.SequenceCompareTo(Encoding.UTF8.GetBytes(least)) >= 0
            && bytes.SequenceCompareTo(Encoding.UTF8.GetBytes(most)) <= 0;
    }
}
