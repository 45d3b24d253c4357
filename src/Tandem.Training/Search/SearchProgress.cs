using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Learning;
using Tandem.Storage;

namespace Tandem.Training.Search;

/// <summary>What an unfinished search has tried, kept so that a run that is cut off goes on where it was.</summary>
internal sealed class SearchProgress(IObjectStore? store, string key)
{
    /// <summary>Where it is kept.</summary>
    private string Name { get; } = $"{ContentHash.Digits(key)}.json";

    /// <summary>Reads what was tried; nothing where the search is new, or where the bytes are of no use. What other searches
    /// left is deleted: their rows or settings are no longer asked for.</summary>
    public async Task<List<SearchTrial>> ReadAsync(CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return [];
        }

        await foreach (ObjectEntry entry in store.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            if (entry.Key != Name)
            {
                await store.DeleteAsync(entry.Key, cancellationToken).ConfigureAwait(false);
            }
        }

        if (await store.FindAsync(Name, cancellationToken).ConfigureAwait(false) is null)
        {
            return [];
        }

        Stream stream = await store.OpenAsync(Name, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closing = stream.ConfigureAwait(false);
        try
        {
            return await JsonSerializer.DeserializeAsync(
                stream, SearchJson.Default.ListSearchTrial, cancellationToken).ConfigureAwait(false) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    public async Task WriteAsync(List<SearchTrial> trials, CancellationToken cancellationToken)
    {
        if (store is not null)
        {
            await store.PutAsync(
                Name, JsonSerializer.SerializeToUtf8Bytes(trials, SearchJson.Default.ListSearchTrial), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        if (store is not null)
        {
            await store.DeleteAsync(Name, cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>Serialisers made by the compiler.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(List<SearchTrial>))]
internal sealed partial class SearchJson : JsonSerializerContext;
