namespace Tandem.Numerics;

/// <summary>How <see cref="FtrlTable"/> learns: w = −sign(z)·max(|z| − λ₁, 0) / ((β + √n) / α + λ₂).</summary>
/// <param name="Alpha">α: learning rate, above 0.</param>
/// <param name="Beta">β: what the sum of squares starts from, ≥ 0; with λ₂ = 0, above 0.</param>
/// <param name="L1">λ₁: pull of each weight to exactly zero, ≥ 0.</param>
/// <param name="L2">λ₂: pull of each weight towards zero, ≥ 0.</param>
public readonly record struct FtrlRates(float Alpha, float Beta, float L1, float L2);
