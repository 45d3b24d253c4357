using System.Runtime.CompilerServices;
using Tandem.Registry.Records;
using Tandem.Storage;

namespace Tandem.Registry;

/// <content>Aliases: names that move from version to version, with their history.</content>
public sealed partial class ModelRegistry
{
    /// <summary>Points an alias at a version and writes down who did it and why.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="alias">The alias, such as <c>champion</c>.</param>
    /// <param name="version">Number of the version, which must exist.</param>
    /// <param name="by">Who: a person, or the part of Tandem that decided.</param>
    /// <param name="why">Why, in words a person understands.</param>
    /// <param name="seen">Number of the last change the caller knew of (0 for none): if another came since, nothing is
    /// written. Null writes after whatever is there.</param>
    /// <param name="cancellationToken">Stops waiting; the change is then written or not.</param>
    /// <returns>The change as written.</returns>
    /// <exception cref="Faults.TandemException">REG001, REG008: a name is not allowed. REG002: no such version. REG003:
    /// another change came since <paramref name="seen"/>.</exception>
    public async Task<AliasChange> SetAliasAsync(
        string model, string alias, int version, string by, string why, int? seen = null,
        CancellationToken cancellationToken = default)
    {
        ModelNames.CheckModel(model);
        if (!await Versions(model).HasAsync(version, cancellationToken).ConfigureAwait(false))
        {
            throw RegistryErrors.NoSuchVersion(model, version);
        }

        return await ChangeAsync(model, alias, version, by, why, seen, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes an alias away; its history stays.</summary>
    /// <inheritdoc cref="SetAliasAsync" path="/param"/>
    /// <exception cref="Faults.TandemException">REG001, REG008: a name is not allowed. REG003: another change came
    /// since <paramref name="seen"/>.</exception>
    public Task<AliasChange> RemoveAliasAsync(
        string model, string alias, string by, string why, int? seen = null,
        CancellationToken cancellationToken = default)
    {
        ModelNames.CheckModel(model);
        return ChangeAsync(model, alias, version: null, by, why, seen, cancellationToken);
    }

    /// <summary>Tells where an alias points now: its last change, or null where it was never set. A change without a
    /// version means that the alias was taken away.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Faults.TandemException">REG001, REG008: a name is not allowed. REG004: the record is
    /// damaged.</exception>
    public async Task<AliasChange?> AliasAsync(
        string model, string alias, CancellationToken cancellationToken = default)
    {
        RecordSequence changes = Changes(model, alias);
        int last = await changes.LastAsync(cancellationToken).ConfigureAwait(false);
        return last == 0 ? null : await ReadChangeAsync(changes, last, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells where every alias of a model points now, in ordinal order of alias.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyDictionary<string, int>> AliasesAsync(
        string model, CancellationToken cancellationToken = default)
    {
        ModelNames.CheckModel(model);
        SortedSet<string> names = new(StringComparer.Ordinal);
        string prefix = $"{Root}{model}/aliases/";
        await foreach (ObjectEntry entry in _store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            names.Add(entry.Key[prefix.Length..entry.Key.LastIndexOf('/')]);
        }

        SortedDictionary<string, int> aliases = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            AliasChange? change = await AliasAsync(model, name, cancellationToken).ConfigureAwait(false);
            if (change?.Version is int version)
            {
                aliases.Add(name, version);
            }
        }

        return aliases;
    }

    /// <summary>Lists the changes of an alias, newest first: who promoted what, when and why.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="Faults.TandemException">REG001, REG008: a name is not allowed. REG004: a record is
    /// damaged.</exception>
    public async IAsyncEnumerable<AliasChange> HistoryAsync(
        string model, string alias, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        RecordSequence changes = Changes(model, alias);
        int last = await changes.LastAsync(cancellationToken).ConfigureAwait(false);
        for (int number = last; number > 0; number--)
        {
            yield return await ReadChangeAsync(changes, number, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<AliasChange> ReadChangeAsync(
        RecordSequence changes, int number, CancellationToken cancellationToken)
    {
        byte[]? file = await changes.ReadAsync(number, cancellationToken).ConfigureAwait(false);
        return file is null
            ? throw RegistryErrors.DamagedRecord(changes.Key(number), "it vanished while it was read")
            : RecordFile.ReadChange(file, changes.Key(number));
    }

    private async Task<AliasChange> ChangeAsync(
        string model, string alias, int? version, string by, string why, int? seen, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        ArgumentException.ThrowIfNullOrWhiteSpace(why);
        RecordSequence changes = Changes(model, alias);
        while (true)
        {
            int last = await changes.LastAsync(cancellationToken).ConfigureAwait(false);
            AliasChange? previous =
                last == 0 ? null : await ReadChangeAsync(changes, last, cancellationToken).ConfigureAwait(false);
            if (seen is int known && known != last)
            {
                throw RegistryErrors.AliasMoved(model, alias, known, previous);
            }

            AliasChange change = new()
            {
                Model = model,
                Alias = alias,
                Number = last + 1,
                Version = version,
                Previous = previous?.Version,
                By = by,
                Why = why,
                Time = _clock.GetUtcNow(),
            };
            byte[] file = RecordFile.Write(change);
            if (await changes.TryAppendAsync(change.Number, file, cancellationToken).ConfigureAwait(false))
            {
                return change;
            }
        }
    }

    private RecordSequence Changes(string model, string alias)
    {
        ModelNames.CheckModel(model);
        ModelNames.CheckAlias(alias);
        return new RecordSequence(_store, $"{Root}{model}/aliases/{alias}");
    }
}
