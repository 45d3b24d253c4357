namespace Tandem.Lake.Compaction;

/// <summary>Rows of a batch that go into one folder of a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Label">What the folder says behind <c>date=</c>: a day, a month, a year, or <c>none</c>.</param>
/// <param name="Rows">The rows, by their number in the batch.</param>
internal sealed record Partition(BatchTable Table, string Label, int[] Rows);
