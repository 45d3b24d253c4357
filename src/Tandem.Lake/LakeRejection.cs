namespace Tandem.Lake;

/// <summary>A line of a foreign file that is no row.</summary>
/// <param name="Line">Its number, from 1, header included.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Text">Its first 1,000 characters.</param>
public sealed record LakeRejection(long Line, string Reason, string Text);
