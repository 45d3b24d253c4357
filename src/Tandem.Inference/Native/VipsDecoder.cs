using System.Globalization;
using Tandem.Inference.Pictures;

namespace Tandem.Inference.Native;

/// <summary>Reads pictures with libvips.</summary>
internal static unsafe class VipsDecoder
{
    private const string White = "255 255 255";
    private const int Channels = 3;

    /// <summary>What the header says, without decoding pixels.</summary>
    /// <exception cref="VipsException">The header is damaged.</exception>
    public static PictureHeader ReadHeader(ReadOnlySpan<byte> file, PictureFormat format)
    {
        fixed (byte* bytes = file)
        {
            using VipsOperation load = Loader(bytes, file.Length, format);
            NativeMethods.vips_error_clear();
            using VipsHandle image = load.BuildImage();
            return new PictureHeader(
                NativeMethods.vips_image_get_width(image),
                NativeMethods.vips_image_get_height(image),
                NativeMethods.vips_image_get_n_pages(image),
                NativeMethods.vips_image_get_orientation(image));
        }
    }

    /// <summary>Decodes the first frame, upright, at a size, as sRGB of 8 bits.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="jpegShrink">1, 2, 4 or 8: the part of its size that a JPEG is decoded at.</param>
    /// <param name="size">The size and how to reach it.</param>
    /// <param name="rgb">Red, green and blue of each pixel, row by row; exactly 3 · width · height bytes.</param>
    /// <exception cref="VipsException">The pixels are damaged.</exception>
    public static void Decode(
        ReadOnlySpan<byte> file, PictureFormat format, int jpegShrink, PictureSize size, Span<byte> rgb)
    {
        fixed (byte* bytes = file)
        {
            using VipsOperation load = Loader(bytes, file.Length, format).Set("access", "sequential");
            if (format == PictureFormat.Jpeg)
            {
                load.Set("shrink", Text(jpegShrink));
            }

            VipsHandle image = load.BuildImage();
            try
            {
                image = Replace(image, new VipsOperation("thumbnail_image")
                    .Set("width", Text(size.Width)).Set("height", Text(size.Height))
                    .Set("size", size.Fit == PictureFit.Fill ? "force" : "both")
                    .Set("crop", size.Fit == PictureFit.Crop ? "centre" : "none"));
                image = ToSrgb(image);
                if (NativeMethods.vips_image_get_bands(image) > Channels)
                {
                    image = Replace(image, new VipsOperation("flatten").Set("background", White));
                }

                image = Replace(image, new VipsOperation("gravity").Set("direction", "centre")
                    .Set("width", Text(size.Width)).Set("height", Text(size.Height))
                    .Set("extend", "background").Set("background", White));
                Copy(image, rgb);
            }
            finally
            {
                image.Dispose();
            }
        }
    }

    private static VipsOperation Loader(byte* bytes, int length, PictureFormat format)
    {
        string name = format switch
        {
            PictureFormat.Png => "pngload_buffer",
            PictureFormat.Jpeg => "jpegload_buffer",
            _ => "webpload_buffer",
        };
        return new VipsOperation(name).Set("buffer", bytes, length).Set("fail-on", "error");
    }

    /// <summary>To sRGB of 8 bits: by the colour profile in the file, or, where there is none or it is damaged, by what
    /// its kind of pixels usually means.</summary>
    private static VipsHandle ToSrgb(VipsHandle image)
    {
        if (NativeMethods.vips_image_get_typeof(image, "icc-profile-data") != 0)
        {
            try
            {
                return Replace(image, new VipsOperation("icc_transform")
                    .Set("output-profile", "srgb").Set("embedded", "true").Set("depth", "8"));
            }
            catch (VipsException)
            {
                // The picture itself may well be whole.
            }
        }

        return Replace(image, new VipsOperation("colourspace").Set("space", "srgb"));
    }

    private static VipsHandle Replace(VipsHandle image, VipsOperation operation)
    {
        using (operation)
        {
            VipsHandle next = operation.Set("in", image).BuildImage();
            image.Dispose();
            return next;
        }
    }

    private static void Copy(VipsHandle image, Span<byte> rgb)
    {
        nuint length = 0;
        void* pixels = NativeMethods.vips_image_write_to_memory(image, &length);
        if (pixels is null)
        {
            throw new VipsException(VipsOperation.TakeMessage());
        }

        try
        {
            if (length != (nuint)rgb.Length)
            {
                throw new VipsException($"{length} bytes of pixels came where {rgb.Length} were expected");
            }

            new ReadOnlySpan<byte>(pixels, rgb.Length).CopyTo(rgb);
        }
        finally
        {
            NativeMethods.g_free(pixels);
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
