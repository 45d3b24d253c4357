namespace Tandem.Learning.Networks;

/// <summary>Rules by which parameters follow their gradients.</summary>
internal enum OptimiserKind
{
    /// <summary>x ← x − rate·g.</summary>
    Sgd = 0,

    /// <summary>Steps shrink with the sum of squares so far.</summary>
    Adagrad = 1,

    /// <summary>Running means of gradients and of squares; with weight decay it is AdamW.</summary>
    Adam = 2,
}
