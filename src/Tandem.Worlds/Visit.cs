namespace Tandem.Worlds;

/// <summary>A user opens the feed.</summary>
/// <param name="Day">Day of the world, from 0.</param>
/// <param name="Index">Place among the visits of the day, from 0 in time order; with the day it identifies the
/// visit.</param>
/// <param name="Time">When, UTC, whole microseconds.</param>
/// <param name="User">Index of the user, from 0.</param>
/// <param name="Device">What they hold: <c>android</c>, <c>ios</c>, <c>web</c> or <c>tv</c>.</param>
public readonly record struct Visit(int Day, int Index, DateTimeOffset Time, int User, string Device);
