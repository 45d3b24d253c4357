using System.Runtime.InteropServices;

namespace Tandem.Inference.Native;

/// <summary>One operation of libvips: its arguments by name, then an image comes out. Nothing is computed before the
/// image's pixels are asked for.</summary>
internal sealed unsafe class VipsOperation : IDisposable
{
    private const int AllLevels = ~3;

    private static readonly Lock StartLock = new();
    private static bool _isStarted;

    private readonly VipsHandle _handle;
    private bool _isBuilt;

    /// <summary>Makes an operation without arguments.</summary>
    /// <param name="name">Its nickname, such as <c>flatten</c>.</param>
    /// <exception cref="Faults.TandemException">INF007: libvips could not be loaded.</exception>
    /// <exception cref="VipsException">There is no such operation.</exception>
    public VipsOperation(string name)
    {
        Start();
        nint operation = NativeMethods.vips_operation_new(name);
        _handle = operation != 0 ? new VipsHandle(operation) : throw new VipsException(TakeMessage());
    }

    /// <summary>Sets a number, flag, word or list of numbers, written as libvips' command line takes it.</summary>
    /// <exception cref="VipsException">The operation has no such argument.</exception>
    public VipsOperation Set(string name, string value)
    {
        Check(NativeMethods.vips_object_set_argument_from_string(_handle, name, value));
        return this;
    }

    /// <summary>Sets an image.</summary>
    public VipsOperation Set(string name, VipsHandle image)
    {
        var value = default(GValue);
        NativeMethods.g_value_init(&value, NativeMethods.vips_image_get_type());
        NativeMethods.g_value_set_object(&value, image);
        NativeMethods.g_object_set_property(_handle, name, &value);
        NativeMethods.g_value_unset(&value);
        return this;
    }

    /// <summary>Sets bytes, which are read for as long as an image that came of them lives.</summary>
    public VipsOperation Set(string name, byte* bytes, int length)
    {
        nint blob = NativeMethods.vips_blob_new(0, bytes, (nuint)length);
        var value = default(GValue);
        NativeMethods.g_value_init(&value, NativeMethods.vips_blob_get_type());
        NativeMethods.g_value_set_boxed(&value, blob);
        NativeMethods.g_object_set_property(_handle, name, &value);
        NativeMethods.g_value_unset(&value);
        NativeMethods.vips_area_unref(blob);
        return this;
    }

    /// <summary>Checks the arguments and runs what does not wait for pixels.</summary>
    /// <exception cref="VipsException">The arguments do not fit, or the bytes are damaged.</exception>
    public void Build()
    {
        _isBuilt = true;
        Check(NativeMethods.vips_object_build(_handle));
    }

    /// <summary>Builds, and hands out the image.</summary>
    /// <exception cref="VipsException">As <see cref="Build"/>.</exception>
    public VipsHandle BuildImage()
    {
        Build();
        var value = default(GValue);
        NativeMethods.g_value_init(&value, NativeMethods.vips_image_get_type());
        NativeMethods.g_object_get_property(_handle, "out", &value);
        nint image = NativeMethods.g_value_dup_object(&value);
        NativeMethods.g_value_unset(&value);
        return new VipsHandle(image);
    }

    /// <summary>Gives the operation up; images that came of it live on.</summary>
    public void Dispose()
    {
        if (_isBuilt)
        {
            NativeMethods.vips_object_unref_outputs(_handle);
        }

        _handle.Dispose();
    }

    /// <summary>What went wrong in libvips since somebody last asked, on any thread.</summary>
    public static string TakeMessage()
    {
        byte* text = NativeMethods.vips_error_buffer_copy();
        string message = Marshal.PtrToStringUTF8((nint)text) ?? "";
        NativeMethods.g_free(text);
        return message.Length > 0 ? message.Trim().ReplaceLineEndings("; ") : "libvips gave no reason";
    }

    /// <summary>Starts libvips once: one thread a picture, no memory of earlier operations, and of all its decoders only
    /// those of PNG, JPEG and WebP.</summary>
    private static void Start()
    {
        lock (StartLock)
        {
            if (_isStarted)
            {
                return;
            }

            if (NativeMethods.vips_init("tandem") != 0)
            {
                throw InferenceErrors.PicturesMissing("its file", $"it does not start ({TakeMessage()})");
            }

            NativeMethods.g_log_set_handler("VIPS", AllLevels, &Ignore, 0);
            NativeMethods.vips_concurrency_set(1);
            NativeMethods.vips_cache_set_max(0);
            NativeMethods.vips_operation_block_set("VipsForeignLoad", 1);
            NativeMethods.vips_operation_block_set("VipsForeignLoadPng", 0);
            NativeMethods.vips_operation_block_set("VipsForeignLoadJpeg", 0);
            NativeMethods.vips_operation_block_set("VipsForeignLoadWebp", 0);
            _isStarted = true;
        }
    }

    // What libvips would write to the terminal about odd pictures.
    [UnmanagedCallersOnly]
    private static void Ignore(nint domain, int level, nint message, nint data)
    {
    }

    private static void Check(int status)
    {
        if (status != 0)
        {
            throw new VipsException(TakeMessage());
        }
    }
}
