namespace Tandem.Learning;

/// <summary>Parameters that turn data into scores. Immutable and thread safe once fitted.</summary>
public interface IModel
{
    /// <summary>Name in the <see cref="ModelCatalogue"/>, such as <c>ials</c>.</summary>
    string Kind { get; }

    /// <summary>Writes the model in its own format, headed by magic and version.</summary>
    /// <param name="target">Receives the bytes; left open.</param>
    void Save(Stream target);
}
