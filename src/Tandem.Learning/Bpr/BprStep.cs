using Tandem.Numerics;

namespace Tandem.Learning.Bpr;

/// <summary>One step up the likelihood that a user prefers one item to another. One a worker.</summary>
internal sealed class BprStep(int factorCount)
{
    private readonly float[] _difference = new float[factorCount];

    /// <summary>x = b_i − b_j + p·(q_i − q_j) and g = 1 / (1 + eˣ); returns g and keeps q_i − q_j.</summary>
    public float Pull(
        ReadOnlySpan<float> user, ReadOnlySpan<float> wanted, ReadOnlySpan<float> other, float biasDifference)
    {
        wanted.CopyTo(_difference);
        Kernel.AddScaled(-1, other, _difference);
        return 1 / (1 + MathF.Exp(biasDifference + Kernel.Dot(user, _difference)));
    }

    /// <summary>p ← p + rate·(g·(q_i − q_j) − λ·p), after <see cref="Pull"/>.</summary>
    public void MoveUser(Span<float> user, float pull, float rate, float regularisation)
    {
        Kernel.Scale(1 - (rate * regularisation), user);
        Kernel.AddScaled(rate * pull, _difference, user);
    }

    /// <summary>q ← q + rate·(±g·p − λ·q).</summary>
    public static void MoveItem(
        ReadOnlySpan<float> user, Span<float> item, float signedPull, float rate, float regularisation)
    {
        Kernel.Scale(1 - (rate * regularisation), item);
        Kernel.AddScaled(rate * signedPull, user, item);
    }
}
