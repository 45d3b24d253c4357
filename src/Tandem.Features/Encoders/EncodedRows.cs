namespace Tandem.Features.Encoders;

/// <summary>Rows as a model reads them.</summary>
/// <param name="Dense">Dense parts, shape (rows, dense), row-major; finite, or NaN where a value is missing and the
/// model takes that.</param>
/// <param name="Starts">Where the sparse part of each row begins, length rows + 1, from 0.</param>
/// <param name="Columns">Columns of the sparse parts, each once a row.</param>
/// <param name="Values">Their values, as long; finite.</param>
public sealed record EncodedRows(float[] Dense, int[] Starts, int[] Columns, float[] Values);
