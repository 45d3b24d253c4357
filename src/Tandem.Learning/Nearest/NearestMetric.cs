namespace Tandem.Learning.Nearest;

/// <summary>What makes two vectors near. Persisted: the numbers are frozen.</summary>
public enum NearestMetric
{
    /// <summary>The inner product.</summary>
    InnerProduct = 0,

    /// <summary>The cosine of the angle; 0 where one of them is zero.</summary>
    Cosine = 1,
}
