namespace Tandem.Events;

/// <summary>Keys of an event's line, in the order they are written.</summary>
internal enum EventKey
{
    Id = 0,
    Type = 1,
    Tenant = 2,
    Entities = 3,
    Time = 4,
    Known = 5,
    Request = 6,
    Position = 7,
    Propensity = 8,
    Model = 9,
    Features = 10,
    Data = 11,
    Checksum = 12,
}
