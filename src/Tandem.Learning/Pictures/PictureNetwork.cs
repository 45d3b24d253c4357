using System.Globalization;
using Tandem.Learning.Files;
using Tandem.Learning.Networks;

namespace Tandem.Learning.Pictures;

/// <summary>A fitted network that makes embeddings of pictures: those of one class lie close to each other.</summary>
public sealed class PictureNetwork
{
    internal const string KindName = "picture_network";

    private readonly PictureNetworkOptions _options;
    private readonly float[] _parameters;
    private readonly ParameterLayout _layout = new();
    private readonly ScratchPool<Reader> _readers;

    internal PictureNetwork(PictureNetworkOptions options, int channels, float[] parameters)
    {
        _options = options;
        Channels = channels;
        _parameters = parameters;
        PictureLayers layers = new(_layout, options, channels);
        LastSide = layers.Output.Height;
        _readers = new ScratchPool<Reader>(() => new Reader(options, channels, parameters));
    }

    /// <summary>Rows and columns of the pictures that it looks at.</summary>
    public int Size => _options.Size;

    /// <summary>1 where it looks at grey pictures, 3 for red, green and blue.</summary>
    public int Channels { get; }

    /// <summary>Length of an embedding.</summary>
    public int Length => _options.Length;

    /// <summary>Channels of each block.</summary>
    public IReadOnlyList<int> Widths => _options.Widths;

    /// <summary>Rows and columns that the last block leaves.</summary>
    public int LastSide { get; }

    /// <summary>A group of parameters, for who writes the network in another format.</summary>
    /// <param name="name">Of block i, from 0 on: <c>blocki.weights</c>, shape (3, 3, input, output); and of each channel
    /// <c>blocki.norm.gain</c>, <c>.bias</c>, <c>.means</c> and <c>.variances</c>. At the end <c>embedding.weights</c>, shape (last
    /// side, last side, last width, length), and <c>embedding.bias</c>.</param>
    /// <exception cref="ArgumentException">There is no such group.</exception>
    public ReadOnlySpan<float> Parameters(string name)
    {
        foreach (Parameter parameter in _layout.Parameters)
        {
            if (string.Equals(parameter.Name, name, StringComparison.Ordinal))
            {
                return parameter.In(_parameters);
            }
        }

        throw new ArgumentException($"The network has no parameters '{name}'.", nameof(name));
    }

    /// <summary>Makes the embedding of a picture.</summary>
    /// <param name="picture">Bytes, shape (size, size, channels).</param>
    /// <param name="embedding">Receives <see cref="Length"/> numbers, of length 1.</param>
    /// <exception cref="ArgumentException">A length is another.</exception>
    /// <remarks>Safe for any number of threads; allocates nothing in steady state.</remarks>
    public void Encode(ReadOnlySpan<byte> picture, Span<float> embedding)
    {
        if (picture.Length != Size * Size * Channels || embedding.Length != Length)
        {
            throw new ArgumentException(
                $"{Size * Size * Channels} bytes become {Length} numbers; {picture.Length} and {embedding.Length} were handed in.",
                nameof(picture));
        }

        Reader reader = _readers.Rent();
        reader.Read(picture, embedding);
        _readers.Return(reader);
    }

    /// <summary>Writes the network to a file that <see cref="Load"/> reads.</summary>
    /// <param name="target">Where to.</param>
    public void Save(Stream target) => ModelFile.Write(
        target,
        KindName,
        [
            new("size", Size),
            new("channels", Channels),
            new("length", Length),
            new("blocks", Widths.Count),
            .. Widths.Select(static (width, block) =>
                new KeyValuePair<string, double>(string.Create(CultureInfo.InvariantCulture, $"width{block}"), width)),
        ],
        new ModelArray("network", _parameters));

    /// <summary>Reads a network.</summary>
    /// <param name="source">What <see cref="Save"/> wrote.</param>
    /// <exception cref="Faults.TandemException">LRN010 to LRN013: the bytes are no network of pictures.</exception>
    public static PictureNetwork Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        int blocks = content.Count("blocks");
        int channels = content.Count("channels");
        PictureNetworkOptions options = new()
        {
            Size = content.Count("size"),
            Length = content.Count("length"),
            Widths = [.. Enumerable.Range(0, Math.Min(blocks, PictureNetworkOptions.MostBlocks))
                .Select(block => content.Count(string.Create(CultureInfo.InvariantCulture, $"width{block}")))],
        };
        if (blocks > PictureNetworkOptions.MostBlocks || channels is not (1 or 3) || options.Problem() is not null)
        {
            throw ModelContent.Damaged("the sizes of the network do not fit together");
        }

        ParameterLayout layout = new();
        _ = new PictureLayers(layout, options, channels);
        return new PictureNetwork(options, channels, content.Floats("network", layout.Length));
    }

    private sealed class Reader
    {
        private readonly PictureLayers _layers;
        private readonly LayerPass _pass;
        private readonly RowBuffer _input;

        public Reader(PictureNetworkOptions options, int channels, float[] parameters)
        {
            _layers = new PictureLayers(new ParameterLayout(), options, channels);
            _pass = new LayerPass(parameters, []);
            _input = new RowBuffer(_layers.Input.Length);
            _input.Resize(1);
        }

        public void Read(ReadOnlySpan<byte> picture, Span<float> embedding)
        {
            PictureShape shape = _layers.Input;
            for (int y = 0; y < shape.Height; y++)
            {
                Span<float> row = shape.Row(_input.Row(0), y);
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] = (255 - picture[(y * row.Length) + i]) / 255f;
                }
            }

            _layers.Chain.Forward(_input, _pass).Row(0).CopyTo(embedding);
        }
    }
}
