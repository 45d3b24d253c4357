using System.Buffers;
using Tandem.Faults;
using Tandem.Inference.Native;

namespace Tandem.Inference.Pictures;

/// <summary>A picture in PNG, JPEG or WebP whose header has been read and found within limits; its pixels are decoded each
/// time they are asked for, at the size they are asked for.</summary>
/// <remarks>Safe for any number of threads; each picture is decoded on one. The format is decided by the first bytes, and
/// no other decoder is ever tried. What is damaged or cut short is refused, never half decoded.</remarks>
public sealed class Picture
{
    private readonly ReadOnlyMemory<byte> _file;

    private Picture(ReadOnlyMemory<byte> file, PictureFormat format, PictureHeader header)
    {
        _file = file;
        Format = format;
        bool isTurned = header.Orientation >= 5;
        Width = isTurned ? header.Height : header.Width;
        Height = isTurned ? header.Width : header.Height;
        FrameCount = header.FrameCount;
    }

    /// <summary>Format of the file.</summary>
    public PictureFormat Format { get; }

    /// <summary>Columns, once upright.</summary>
    public int Width { get; }

    /// <summary>Rows, once upright.</summary>
    public int Height { get; }

    /// <summary>Frames of an animated WebP, of which the first is read; 1 for all others.</summary>
    public int FrameCount { get; }

    /// <summary>Opens a picture.</summary>
    /// <param name="file">The whole file; kept, and not to be changed while the picture is used.</param>
    /// <param name="limits">What it may cost; the defaults where null.</param>
    /// <exception cref="TandemException">INF007: no library; INF008: another format; INF009: damaged; INF010: beyond a
    /// limit.</exception>
    public static Picture Open(ReadOnlyMemory<byte> file, PictureLimits? limits = null)
    {
        limits ??= new PictureLimits();
        if (file.Length > limits.MaxBytes)
        {
            throw InferenceErrors.PictureTooLarge(file.Length, "bytes", limits.MaxBytes);
        }

        PictureFormat format = FormatOf(file.Span) ?? throw InferenceErrors.NoPicture();
        PictureHeader header;
        try
        {
            header = VipsDecoder.ReadHeader(file.Span, format);
        }
        catch (VipsException e)
        {
            throw InferenceErrors.BrokenPicture(format, e.Message);
        }

        if ((long)header.Width * header.Height > limits.MaxPixels)
        {
            throw InferenceErrors.PictureTooLarge((long)header.Width * header.Height, "pixels", limits.MaxPixels);
        }

        return header.FrameCount > limits.MaxFrames
            ? throw InferenceErrors.PictureTooLarge(header.FrameCount, "frames", limits.MaxFrames)
            : new Picture(file, format, header);
    }

    /// <summary>Decodes the picture at a size, as sRGB of 8 bits: shape (height, width, 3).</summary>
    /// <param name="size">The size.</param>
    /// <param name="rgb">Room for the pixels, <see cref="PictureSize.ValueCount"/> bytes; what is transparent is shown on
    /// white.</param>
    /// <exception cref="ArgumentException">The room has another length.</exception>
    /// <exception cref="TandemException">INF009: damaged.</exception>
    public void Read(PictureSize size, Span<byte> rgb)
    {
        CheckLength(size, rgb.Length, nameof(rgb));
        try
        {
            VipsDecoder.Decode(_file.Span, Format, JpegShrink(size), size, rgb);
        }
        catch (VipsException e)
        {
            throw InferenceErrors.BrokenPicture(Format, e.Message);
        }
    }

    /// <summary>Decodes the picture at a size, as numbers for a model.</summary>
    /// <param name="size">The size.</param>
    /// <param name="scale">What becomes of the colours.</param>
    /// <param name="layout">Where they lie.</param>
    /// <param name="values">Room for the values, <see cref="PictureSize.ValueCount"/> of them.</param>
    /// <exception cref="ArgumentException">The room has another length.</exception>
    /// <exception cref="TandemException">INF009: damaged.</exception>
    public void Read(PictureSize size, PictureScale scale, PictureLayout layout, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(scale);
        CheckLength(size, values.Length, nameof(values));
        byte[] rented = ArrayPool<byte>.Shared.Rent(values.Length);
        try
        {
            Span<byte> rgb = rented.AsSpan(0, values.Length);
            Read(size, rgb);
            bool isFirst = layout == PictureLayout.ChannelsFirst;
            int step = isFirst ? 1 : 3;
            int next = isFirst ? values.Length / 3 : 1;
            Scale(rgb, scale.Red, values, step);
            Scale(rgb[1..], scale.Green, values[next..], step);
            Scale(rgb[2..], scale.Blue, values[(2 * next)..], step);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The format that the first bytes announce, or null.</summary>
    internal static PictureFormat? FormatOf(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]) ? PictureFormat.Png
        : file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? PictureFormat.Jpeg
        : file.StartsWith("RIFF"u8) && file.Length >= 12 && file[8..].StartsWith("WEBP"u8) ? PictureFormat.WebP
        : null;

    private static void CheckLength(PictureSize size, int length, string name)
    {
        if (size.Width == 0 || length != size.ValueCount)
        {
            throw new ArgumentException(
                $"A picture of {size.Width} × {size.Height} needs room for {size.ValueCount} values, not {length}.", name);
        }
    }

    // A JPEG decodes at an eighth, a quarter or half of its size for much less work; the last factor of two is left to the
    // resampling, which is better at it.
    private int JpegShrink(PictureSize size)
    {
        double factor = Math.Min((double)Width / size.Width, (double)Height / size.Height);
        return factor >= 16 ? 8 : factor >= 8 ? 4 : factor >= 4 ? 2 : 1;
    }

    // A colour has 256 values, so each is computed once.
    private static void Scale(ReadOnlySpan<byte> rgb, PictureChannel channel, Span<float> values, int step)
    {
        Span<float> table = stackalloc float[256];
        for (int v = 0; v < table.Length; v++)
        {
            table[v] = ((v / 255f) - channel.Mean) / channel.Deviation;
        }

        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += step)
        {
            values[to] = table[rgb[from]];
        }
    }
}
