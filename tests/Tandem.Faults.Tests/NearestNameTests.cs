namespace Tandem.Faults.Tests;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("retrieval", "retreival")]
    [InlineData("half_life_days", "halfLifeDays")]
    [InlineData("half_life_days", "half-life-day")]
    [InlineData("recall", "recal")]
    public void Find_OfANameWithAFewWrongLetters_IsTheOneMeant(string meant, string given)
    {
        string? found = NearestName.Find(given, ["training", "retrieval", "recall", "half_life_days"]);

        Assert.Equal(meant, found);
    }

    [Theory]
    [InlineData("zebra")]
    [InlineData("")]
    [InlineData("t")]
    public void Find_WhereNothingIsNear_IsNull(string given)
    {
        string? found = NearestName.Find(given, ["training", "recall"]);

        Assert.Null(found);
    }
}
