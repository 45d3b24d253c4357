namespace Tandem.Lake;

/// <summary>How a console gives the rows of a query.</summary>
public enum LakeResultForm
{
    /// <summary>Every column as text.</summary>
    Text = 0,

    /// <summary>One column of texts: each row as a JSON object.</summary>
    Json = 1,
}
