namespace Tandem.Events;

/// <summary>Who or what an event is about.</summary>
/// <param name="Entity">Entity name from tandem.yaml, such as <c>user</c>.</param>
/// <param name="Id">Its identifier, 1 to 256 characters.</param>
public readonly record struct EntityKey(string Entity, string Id);
