namespace Tandem.Learning.Files;

/// <summary>One named array of a model file: float32 or int32.</summary>
internal readonly record struct ModelArray
{
    public ModelArray(string name, float[] values)
    {
        Name = name;
        Floats = values;
    }

    public ModelArray(string name, int[] values)
    {
        Name = name;
        Wholes = values;
    }

    public string Name { get; }

    public float[]? Floats { get; }

    public int[]? Wholes { get; }

    public int Length => Floats?.Length ?? Wholes?.Length ?? 0;

    /// <summary>Name of the element type in the header: <c>f32</c> or <c>i32</c>.</summary>
    public string Type => Floats is null ? "i32" : "f32";
}
