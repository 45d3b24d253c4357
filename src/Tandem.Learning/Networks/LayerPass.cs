namespace Tandem.Learning.Networks;

/// <summary>What the layers of one copy of a network need while one block of a batch passes: the parameters, which all
/// copies share, and the block's own gradients.</summary>
internal sealed class LayerPass(float[] parameters, float[] gradients)
{
    /// <summary>All parameters, shared and not written while blocks pass.</summary>
    public float[] Parameters => parameters;

    /// <summary>Gradients of all parameters; layers add to them. Empty where nothing is learned.</summary>
    public float[] Gradients => gradients;

    /// <summary>True while learning: dropout drops.</summary>
    public bool IsTraining { get; set; }

    /// <summary>What dropout draws from: another number for every step and block.</summary>
    public ulong Seed { get; set; }

    /// <summary>Number of sequences in the block, for layers that mix the rows of a sequence.</summary>
    public int SequenceCount { get; set; }

    /// <summary>First row of each sequence, length at least <see cref="SequenceCount"/> + 1.</summary>
    public int[] Starts { get; set; } = [];
}
