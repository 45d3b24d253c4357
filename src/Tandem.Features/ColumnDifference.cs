namespace Tandem.Features;

/// <summary>A feature in two training sets, over the rows of both.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OnlyIn"><c>before</c> or <c>after</c> where just one set has it; else null.</param>
/// <param name="Changed">Shared rows whose values differ, null against a value included.</param>
/// <param name="Nulls">Of those, null on one side.</param>
/// <param name="MeanChange">Mean |difference| over changed rows with two values; null where there are none.</param>
/// <param name="LargestChange">Largest |difference|; null where there are none.</param>
public sealed record ColumnDifference(
    string Name, string? OnlyIn, int Changed, int Nulls, double? MeanChange, double? LargestChange);
