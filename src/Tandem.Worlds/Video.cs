namespace Tandem.Worlds;

/// <summary>What anybody can see of a video.</summary>
/// <param name="Id">Its identifier, such as <c>v42</c>.</param>
/// <param name="Category">One of <see cref="VideoWorld.Categories"/>.</param>
/// <param name="DurationSeconds">Length in seconds, 5 to 240.</param>
/// <param name="Title">A few words that hint at the category.</param>
/// <param name="Published">When it appeared, UTC.</param>
public readonly record struct Video(
    string Id, string Category, double DurationSeconds, string Title, DateTimeOffset Published);
