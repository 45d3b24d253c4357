using Tandem.Backends.S3;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Workspace;

/// <summary>Where a system keeps what is durable: all of it in a folder, or objects in S3 and the raw log in a
/// folder.</summary>
/// <param name="LocalFolder">The folder.</param>
/// <param name="Bucket">Where the objects are, or null for the folder.</param>
internal sealed record StoreLocation(string LocalFolder, S3Address? Bucket)
{
    /// <summary>Local half of a system whose objects are in S3, beside its file.</summary>
    private const string BesideS3 = ".tandem";

    /// <summary>What the options say, or else the file.</summary>
    public static StoreLocation Of(WorkspaceOptions options, SystemSpec spec)
    {
        string beside = Path.GetDirectoryName(Path.GetFullPath(options.SpecPath))!;
        string store = options.Store ?? (S3Address.IsS3(spec.Store) ? spec.Store : Path.Combine(beside, spec.Store));
        return S3Address.IsS3(store)
            ? new StoreLocation(Path.Combine(beside, BesideS3), S3Address.Parse(store))
            : new StoreLocation(store, Bucket: null);
    }

    /// <summary>Opens the store of objects.</summary>
    public async Task<IObjectStore> OpenAsync(WorkspaceOptions options, CancellationToken cancellationToken)
    {
        if (Bucket is null)
        {
            return new FolderStore(LocalFolder);
        }

        S3Options settings = new()
        {
            Address = Bucket,
            LocalFolder = LocalFolder,
            Endpoint = options.S3Endpoint is { } endpoint ? S3Options.ParseEndpoint(endpoint) : null,
            CacheBytes = options.S3CacheBytes,
        };
        return await S3Store.OpenAsync(settings, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes sure that the objects come from the raw log; a log of files beside them is theirs.</summary>
    /// <param name="store">The objects.</param>
    /// <param name="layout">The tenant.</param>
    /// <param name="brokersName">Name of a log that a broker holds; null for one of files.</param>
    /// <param name="clock">Dates a new log's name.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task TieAsync(
        IObjectStore store, StoreLayout layout, string? brokersName, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Bucket is not null || brokersName is not null)
        {
            await LogTie.TieAsync(store, this, layout, brokersName, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What a person looks under for the objects of a room.</summary>
    public string PlaceOf(string prefix) => Bucket is null ? Path.Combine(LocalFolder, prefix) : $"{Bucket}/{prefix}";
}
