namespace Tandem.Learning;

/// <summary>What one feature of a row adds to a score.</summary>
/// <param name="Feature">Name of the feature.</param>
/// <param name="Value">What it adds, in the score's unit; below zero where it lowers it.</param>
public sealed record Contribution(string Feature, double Value);
