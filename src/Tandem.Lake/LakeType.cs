namespace Tandem.Lake;

/// <summary>Type of a column in the lake. The values are written into manifests by name and never change.</summary>
public enum LakeType
{
    /// <summary>Text, UTF-8.</summary>
    Text = 0,

    /// <summary>Whole number, 64 bits.</summary>
    Whole = 1,

    /// <summary>Number, 64 bits.</summary>
    Number = 2,

    /// <summary>True or false.</summary>
    Flag = 3,

    /// <summary>Moment in UTC, microseconds.</summary>
    Time = 4,

    /// <summary>List of numbers, 32 bits each.</summary>
    NumberList = 5,

    /// <summary>List of texts.</summary>
    TextList = 6,
}
