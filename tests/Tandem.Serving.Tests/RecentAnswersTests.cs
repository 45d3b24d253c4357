namespace Tandem.Serving.Tests;

public sealed class RecentAnswersTests
{
    [Fact]
    public void RankOf_UndoesTheTossOfAPair()
    {
        // The model's order is a, b, c, d, f; the first pair was turned round, and e came to d's pair by chance.
        RecentAnswers answers = new(10);
        answers.Add(new RecommendResponse(
            "r", "1",
            [
                new("b", 1, 0.8f, "ials"), new("a", 2, 0.9f, "ials"), new("e", 3, 0, "exploration"),
                new("d", 4, 0.6f, "ials"), new("f", 5, 0.5f, "ials"),
            ],
            null));

        Assert.Equal(
            [1, 2, 3, 4, 5], new[] { "a", "b", "e", "d", "f" }.Select(item => answers.RankOf("r", item) ?? 0));
        Assert.Null(answers.RankOf("r", "c"));
        Assert.Null(answers.RankOf("s", "a"));
    }

    [Fact]
    public void Add_BeyondItsRoom_ForgetsTheOldest()
    {
        RecentAnswers answers = new(2);
        foreach (string request in new[] { "one", "two", "three" })
        {
            answers.Add(new RecommendResponse(request, "1", [new("a", 1, 1, "ials")], null));
        }

        Assert.Null(answers.RankOf("one", "a"));
        Assert.Equal(1, answers.RankOf("two", "a"));
        Assert.Equal(1, answers.RankOf("three", "a"));
    }
}
