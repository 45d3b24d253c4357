namespace Tandem.Learning.Imbalance;

/// <summary>At which share of positives a model was fitted, and at which it scores.</summary>
/// <param name="Method">The method for rare positives, such as <c>down_sample</c>.</param>
/// <param name="Rows">Rows that it was fitted on, made-up ones among them.</param>
/// <param name="Fitted">Share of positives among them, by weight; 0 where labels are not 1 and 0.</param>
/// <param name="Scored">Share of positives that its scores mean: that of the rows as they were.</param>
public sealed record BaseRates(string Method, int Rows, double Fitted, double Scored);
