using Tandem.Faults;

namespace Tandem.Worlds;

/// <summary>Settings of a <see cref="VideoWorld"/>. Equal settings give equal worlds, byte for byte.</summary>
public sealed record WorldOptions
{
    /// <summary>Seed of everything random in the world. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Midnight, UTC, at which day 0 begins. Default 1 January 2026.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Users signed up by the end of the history, before <see cref="Scale"/>; at least 1. Default
    /// 20,000.</summary>
    public int UserCount { get; init; } = 20_000;

    /// <summary>Videos published by the end of the history, before <see cref="Scale"/>; at least 1. Default
    /// 30,000.</summary>
    public int ItemCount { get; init; } = 30_000;

    /// <summary>Visits on an average day, before <see cref="Scale"/>; a visit makes about 13 events. Default
    /// 11,000.</summary>
    public int VisitsPerDay { get; init; } = 11_000;

    /// <summary>Days of history, 1 to 365. Default 14.</summary>
    public int HistoryDays { get; init; } = 14;

    /// <summary>Days that the world can be asked about, history included, up to 730. Default 28.</summary>
    public int HorizonDays { get; init; } = 28;

    /// <summary>Multiplies users, videos and visits, 0.01 to 100. Default 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Share of the users at the end of the history who joined during it, 0 to 0.9. Default 0.22.</summary>
    public double ColdUserShare { get; init; } = 0.22;

    /// <summary>Videos published each day, as a share of the catalogue at the start, 0 to 1. Default 0.11.</summary>
    public double NewItemShare { get; init; } = 0.11;

    /// <summary>When the visitors and videos become others while tastes stay: another mix of countries and devices,
    /// shorter videos. Null, the default: never.</summary>
    public DateTimeOffset? DataDriftAt { get; init; }

    /// <summary>When people start to like other things. Null, the default: never.</summary>
    public DateTimeOffset? ConceptDriftAt { get; init; }

    /// <summary>Size of the concept drift: 0 changes nothing, 1 is the default, up to 3.</summary>
    public double ConceptDriftStrength { get; init; } = 1;

    /// <summary>The end of the last day that the world can be asked about.</summary>
    public DateTimeOffset End => Start.AddDays(HorizonDays);

    /// <summary>Finds what is wrong with the settings.</summary>
    /// <returns>Every fault, with codes WLD001 to WLD003; empty when the settings are valid.</returns>
    public IReadOnlyList<Fault> Validate()
    {
        List<Fault> faults = [];
        Check(faults, nameof(Scale), Scale, 0.01, 100);
        Check(faults, nameof(UserCount), UserCount * Scale, 100, 20_000_000);
        Check(faults, nameof(ItemCount), ItemCount * Scale, 100, 5_000_000);
        Check(faults, nameof(VisitsPerDay), VisitsPerDay * Scale, 10, 50_000_000);
        Check(faults, nameof(HistoryDays), HistoryDays, 1, 365);
        Check(faults, nameof(HorizonDays), HorizonDays, HistoryDays, 730);
        Check(faults, nameof(ColdUserShare), ColdUserShare, 0, 0.9);
        Check(faults, nameof(NewItemShare), NewItemShare, 0, 1);
        Check(faults, nameof(ConceptDriftStrength), ConceptDriftStrength, 0, 3);
        if (Start.Offset != TimeSpan.Zero || Start.TimeOfDay != TimeSpan.Zero)
        {
            faults.Add(WorldErrors.StartNotMidnight(Start));
        }

        CheckDrift(faults, nameof(DataDriftAt), DataDriftAt);
        CheckDrift(faults, nameof(ConceptDriftAt), ConceptDriftAt);
        return faults;
    }

    /// <summary>A count of the settings times <see cref="Scale"/>, rounded.</summary>
    internal int Scaled(double count) => (int)Math.Round(count * Scale);

    private static void Check(List<Fault> faults, string setting, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            faults.Add(WorldErrors.OutOfRange(setting, value, least, most));
        }
    }

    private void CheckDrift(List<Fault> faults, string setting, DateTimeOffset? at)
    {
        // A horizon out of range has its own fault, and may have no end.
        if (at is { } time && (time < Start || (HorizonDays is > 0 and <= 730 && time >= End)))
        {
            faults.Add(WorldErrors.DriftOutsideHorizon(setting, time, Start, HorizonDays));
        }
    }
}
