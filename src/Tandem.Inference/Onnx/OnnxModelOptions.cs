namespace Tandem.Inference.Onnx;

/// <summary>What a model may be.</summary>
public sealed record OnnxModelOptions
{
    /// <summary>Most bytes a model file may have, from 1 to 2,147,483,591, the longest array; 1 GiB by default. A larger
    /// one is refused with INF003 before it is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside its range.</exception>
    public int MaxBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Array.MaxLength);
            field = value;
        }
    } = 1 << 30;
}
