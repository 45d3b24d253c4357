namespace Tandem.Learning;

/// <summary>Gives one of the queries of a batch.</summary>
/// <param name="index">Its place in the batch.</param>
internal delegate ItemQuery QuerySource(int index);
