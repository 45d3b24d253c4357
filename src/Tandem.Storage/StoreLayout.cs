namespace Tandem.Storage;

/// <summary>Where each room keeps its objects: <c>&lt;tenant&gt;/&lt;room&gt;</c>, tenant first, so that one tenant can
/// be copied, counted or deleted as one folder.</summary>
public sealed record StoreLayout
{
    /// <summary>The tenant of a store that is not shared.</summary>
    public const string DefaultTenant = "default";

    private const int MaxTenantLength = 64;

    /// <summary>Lays out one tenant.</summary>
    /// <param name="tenant">1 to 64 ASCII letters, digits, <c>-</c> and <c>_</c>, beginning with a letter or
    /// digit.</param>
    /// <exception cref="Tandem.Faults.TandemException">STO005: the name is not allowed.</exception>
    public StoreLayout(string tenant = DefaultTenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        Tenant = IsTenant(tenant) ? tenant : throw StorageErrors.TenantNotAllowed(tenant);
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }

    /// <summary>Segments of the raw log.</summary>
    public string Log => $"{Tenant}/log";

    /// <summary>Parquet files and manifests.</summary>
    public string Lake => $"{Tenant}/lake";

    /// <summary>Model versions and their bytes.</summary>
    public string Registry => $"{Tenant}/registry";

    /// <summary>Training sets and online feature snapshots.</summary>
    public string Features => $"{Tenant}/features";

    /// <summary>Refused rows with their reasons.</summary>
    public string Quarantine => $"{Tenant}/quarantine";

    /// <summary>Records of training runs.</summary>
    public string Runs => $"{Tenant}/runs";

    /// <summary>What unfinished searches of settings have tried.</summary>
    public string Searches => $"{Tenant}/searches";

    /// <summary>Drift reports.</summary>
    public string Monitoring => $"{Tenant}/monitoring";

    /// <summary>Requests to forget a person, and receipts.</summary>
    public string Erasures => $"{Tenant}/erasures";

    private static bool IsTenant(string tenant)
    {
        if (tenant.Length is 0 or > MaxTenantLength || !char.IsAsciiLetterOrDigit(tenant[0]))
        {
            return false;
        }

        foreach (char c in tenant)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
