namespace Tandem.Storage;

/// <summary>Bytes under names. Names are relative, <c>/</c>-separated, without <c>.</c> or <c>..</c> parts.</summary>
/// <remarks>Every write is atomic and durable when its task completes: readers see the whole object or none. Thread
/// safe. Implementations share one conformance suite.</remarks>
public interface IObjectStore
{
    /// <summary>Describes an object, or returns null where there is none.</summary>
    /// <param name="key">Object name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<ObjectEntry?> FindAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Writes an object whole, replacing what was there.</summary>
    /// <param name="key">Object name.</param>
    /// <param name="content">All its bytes.</param>
    /// <param name="cancellationToken">Stops waiting; the object is then whole or absent.</param>
    ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Writes an object only where none has that name: of many racers exactly one succeeds.</summary>
    /// <param name="key">Object name.</param>
    /// <param name="content">All its bytes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>True where this call wrote it; false where it was already there.</returns>
    ValueTask<bool> TryPutAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Moves a finished local file into the store under a name, replacing what was there.</summary>
    /// <param name="key">Object name.</param>
    /// <param name="path">A file made under <see cref="StagingFolder"/>, a <see cref="StagedFile"/> or one in a folder
    /// that its maker locks; gone afterwards.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask PutFileAsync(string key, string path, CancellationToken cancellationToken = default);

    /// <summary>Opens a range of an object for reading.</summary>
    /// <param name="key">Object name.</param>
    /// <param name="offset">First byte, from 0.</param>
    /// <param name="length">Bytes to read, or null for all that follow.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Tandem.Faults.TandemException">STO002: there is no such object.</exception>
    ValueTask<Stream> OpenAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default);

    /// <summary>Gives a local path that holds the object, for engines that read files: the file itself, or a cached
    /// copy.</summary>
    /// <param name="key">Object name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<string> LocalPathAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Gives a local path that holds an object whose bytes the caller knows: a store that keeps copies need
    /// not ask the server for one it has, and refuses any other bytes.</summary>
    /// <param name="key">Object name.</param>
    /// <param name="hash">Its <see cref="ContentHash"/>, as it was recorded when it was written.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Tandem.Faults.TandemException">STO002: there is no such object; STO004: it was fetched and has
    /// other bytes.</exception>
    /// <remarks>A store whose objects are local files gives the file.</remarks>
    ValueTask<string> LocalPathAsync(string key, string hash, CancellationToken cancellationToken = default) =>
        LocalPathAsync(key, cancellationToken);

    /// <summary>Lists the objects whose names begin with a prefix, in ordinal order of name.</summary>
    /// <param name="prefix">Start of the name; empty lists all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    IAsyncEnumerable<ObjectEntry> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Deletes an object; does nothing where there is none.</summary>
    /// <param name="key">Object name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>A local folder for files on their way into the store; same volume where the store is a
    /// folder.</summary>
    string StagingFolder { get; }
}
