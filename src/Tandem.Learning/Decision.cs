namespace Tandem.Learning;

/// <summary>What is done about a row.</summary>
public enum Decision
{
    /// <summary>Nothing.</summary>
    Pass = 0,

    /// <summary>What the probability was wanted for.</summary>
    Act = 1,

    /// <summary>The probability tells too little: somebody looks.</summary>
    Abstain = 2,
}
