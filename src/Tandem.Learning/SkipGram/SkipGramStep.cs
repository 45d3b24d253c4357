using Tandem.Numerics;

namespace Tandem.Learning.SkipGram;

/// <summary>One item's step towards its context and away from others. One a worker.</summary>
internal sealed class SkipGramStep(Matrix vectors, Matrix contexts)
{
    private readonly float[] _change = new float[vectors.ColumnCount];
    private int _item;

    public void Start(int item)
    {
        _item = item;
        Array.Clear(_change);
    }

    /// <summary>With g = rate·(1 or 0 − σ(x·y)): x will gain g·y, y ← y + g·x.</summary>
    public void Move(int other, bool isNear, float rate)
    {
        Span<float> context = contexts.Row(other);
        float chance = 1 / (1 + MathF.Exp(-Kernel.Dot(vectors.Row(_item), context)));
        float pull = rate * ((isNear ? 1 : 0) - chance);
        Kernel.AddScaled(pull, context, _change);
        Kernel.AddScaled(pull, vectors.Row(_item), context);
    }

    public void Finish() => Kernel.AddScaled(1, _change, vectors.Row(_item));
}
