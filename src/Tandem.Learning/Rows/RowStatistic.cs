namespace Tandem.Learning.Rows;

/// <summary>A figure of rows under weights: those of a resample, times the rows' own. Reads only; safe from any
/// thread.</summary>
/// <param name="weights">Weight of each row, ≥ 0.</param>
/// <returns>The figure, or NaN where these rows do not define it.</returns>
internal delegate double RowStatistic(ReadOnlySpan<double> weights);
