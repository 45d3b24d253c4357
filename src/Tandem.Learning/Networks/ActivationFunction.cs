namespace Tandem.Learning.Networks;

/// <summary>The functions that <see cref="Activation"/> knows.</summary>
internal enum ActivationFunction
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x·Φ(x), by its tanh form.</summary>
    Gelu,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,
}
