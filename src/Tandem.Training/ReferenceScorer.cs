using Tandem.Features;
using Tandem.Learning;

namespace Tandem.Training;

/// <summary>Something to judge beside the models.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Create">Makes it for the users and items of a run and the start of its test window.</param>
public sealed record ReferenceScorer(string Name, Func<EntityIndex, EntityIndex, DateTimeOffset, IItemScorer> Create);
