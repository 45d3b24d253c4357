namespace Tandem.Worlds;

/// <summary>What a random stream of the world decides.</summary>
internal enum Draw
{
    Categories = 1,
    Users = 2,
    Items = 3,
    Pictures = 4,
    TasteWalk = 5,
    Visits = 6,
    Attention = 7,
    Reaction = 8,
    Delay = 9,
    PolicyPool = 10,
    PolicySlots = 11,
    PolicyProfile = 12,
    Device = 13,
}
