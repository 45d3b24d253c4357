using System.Text;

namespace Tandem.Features.Tests;

/// <summary>A question for features of pairs, asked behind a number of events.</summary>
internal sealed record PairQuestion(DateTimeOffset AsOf, int Place, string User, string Item, string? Device)
{
    public FeatureRequest Request => new()
    {
        AsOf = AsOf,
        Entity = "user",
        Id = User,
        Context = Device is null ? default : Encoding.UTF8.GetBytes($$"""{"device":"{{Device}}"}"""),
    };
}
