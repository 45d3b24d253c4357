using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tandem.Storage;

namespace Tandem.Lake.Manifests;

/// <summary>The numbered manifests of a lake. Writing one is the moment its files become part of the lake.</summary>
internal sealed class ManifestStore(IObjectStore store)
{
    private const string Folder = "manifests/";
    private const string Extension = ".json";

    /// <summary>The name of a manifest: 20 digits, so that names sort as numbers do.</summary>
    public static string Key(long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Folder}{number:D20}{Extension}");

    /// <summary>The latest manifest, or the empty one.</summary>
    public async ValueTask<LakeManifest> LatestAsync(CancellationToken cancellationToken)
    {
        long latest = 0;
        await foreach (long number in NumbersAsync(cancellationToken).ConfigureAwait(false))
        {
            latest = Math.Max(latest, number);
        }

        return latest == 0 ? LakeManifest.Empty : await ReadAsync(latest, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The numbers of the manifests that are there, in order.</summary>
    public IAsyncEnumerable<long> NumbersAsync(CancellationToken cancellationToken) =>
        EntriesAsync(cancellationToken).Select(static manifest => manifest.Number);

    /// <summary>The manifests that are there as the store has them, in order of number.</summary>
    public async IAsyncEnumerable<(long Number, ObjectEntry Entry)> EntriesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObjectEntry entry in store.ListAsync(Folder, cancellationToken).ConfigureAwait(false))
        {
            ReadOnlySpan<char> name = entry.Key.AsSpan(Folder.Length);
            if (name.EndsWith(Extension, StringComparison.Ordinal) && long.TryParse(
                    name[..^Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                yield return (number, entry);
            }
        }
    }

    /// <summary>One manifest by number; 0 is the empty one.</summary>
    /// <exception cref="Faults.TandemException">LAK005, LAK006, LAK007.</exception>
    public async ValueTask<LakeManifest> ReadAsync(long number, CancellationToken cancellationToken)
    {
        if (number == 0)
        {
            return LakeManifest.Empty;
        }

        string key = Key(number);
        if (await store.FindAsync(key, cancellationToken).ConfigureAwait(false) is null)
        {
            throw LakeErrors.NoSuchManifest(number);
        }

        byte[] bytes = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        return Parse(key, bytes);
    }

    /// <summary>Writes the next manifest; false where somebody else wrote that number first.</summary>
    public ValueTask<bool> TryWriteAsync(LakeManifest manifest, CancellationToken cancellationToken) =>
        store.TryPutAsync(Key(manifest.Number), Serialize(manifest), cancellationToken);

    /// <summary>Writes a manifest over itself: for an erasure, the one thing that changes what was.</summary>
    public ValueTask RewriteAsync(LakeManifest manifest, CancellationToken cancellationToken) =>
        store.PutAsync(Key(manifest.Number), Serialize(manifest), cancellationToken);

    internal static byte[] Serialize(LakeManifest manifest)
    {
        ManifestFile file = new()
        {
            Format = ManifestFile.FormatName,
            Version = ManifestFile.CurrentVersion,
            Manifest = manifest,
        };
        return JsonSerializer.SerializeToUtf8Bytes(file, ManifestJson.Default.ManifestFile);
    }

    internal static LakeManifest Parse(string key, ReadOnlySpan<byte> bytes)
    {
        try
        {
            ManifestFile? file = JsonSerializer.Deserialize(bytes, ManifestJson.Default.ManifestFile);
            if (file is null || file.Format != ManifestFile.FormatName)
            {
                throw LakeErrors.DamagedManifest(key, $"it does not say it is {ManifestFile.FormatName}");
            }

            return file.Version <= ManifestFile.CurrentVersion
                ? file.Manifest
                : throw LakeErrors.NewerManifest(key, file.Version, ManifestFile.CurrentVersion);
        }
        catch (JsonException e)
        {
            throw LakeErrors.DamagedManifest(key, e.Message, e);
        }
    }
}
