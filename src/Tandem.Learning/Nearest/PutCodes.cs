namespace Tandem.Learning.Nearest;

/// <summary>Takes the codes of one vector.</summary>
/// <param name="row">Its number.</param>
/// <param name="codes">Its codes.</param>
/// <param name="scale">What one step is worth.</param>
internal delegate void PutCodes(int row, ReadOnlySpan<sbyte> codes, float scale);
