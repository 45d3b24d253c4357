using System.Runtime.InteropServices;

namespace Tandem.Inference.Native;

/// <summary>libvips' C API and the parts of GObject under it, as far as pictures need them. None of the functions takes a
/// variable number of arguments, so each is called the same way on every platform.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "vips";

    static NativeMethods()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(NativeMethods).Assembly, static (name, _, _) => name == Library ? VipsLibrary.Load() : 0);
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int vips_init(string program);

    [LibraryImport(Library)]
    public static partial void vips_concurrency_set(int threads);

    [LibraryImport(Library)]
    public static partial void vips_cache_set_max(int operations);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void vips_operation_block_set(string name, int isBlocked);

    [LibraryImport(Library)]
    public static partial byte* vips_error_buffer_copy();

    [LibraryImport(Library)]
    public static partial void vips_error_clear();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint vips_operation_new(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int vips_object_set_argument_from_string(VipsHandle operation, string name, string value);

    [LibraryImport(Library)]
    public static partial int vips_object_build(VipsHandle operation);

    [LibraryImport(Library)]
    public static partial void vips_object_unref_outputs(VipsHandle operation);

    [LibraryImport(Library)]
    public static partial nint vips_blob_new(nint free, void* data, nuint length);

    [LibraryImport(Library)]
    public static partial nuint vips_blob_get_type();

    [LibraryImport(Library)]
    public static partial void vips_area_unref(nint area);

    [LibraryImport(Library)]
    public static partial nuint vips_image_get_type();

    [LibraryImport(Library)]
    public static partial int vips_image_get_width(VipsHandle image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_height(VipsHandle image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_bands(VipsHandle image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_n_pages(VipsHandle image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_orientation(VipsHandle image);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nuint vips_image_get_typeof(VipsHandle image, string name);

    [LibraryImport(Library)]
    public static partial void* vips_image_write_to_memory(VipsHandle image, nuint* length);

    [LibraryImport(Library)]
    public static partial GValue* g_value_init(GValue* value, nuint type);

    [LibraryImport(Library)]
    public static partial void g_value_unset(GValue* value);

    [LibraryImport(Library)]
    public static partial void g_value_set_boxed(GValue* value, nint boxed);

    [LibraryImport(Library)]
    public static partial void g_value_set_object(GValue* value, VipsHandle instance);

    [LibraryImport(Library)]
    public static partial nint g_value_dup_object(GValue* value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_object_set_property(VipsHandle instance, string name, GValue* value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_object_get_property(VipsHandle instance, string name, GValue* value);

    [LibraryImport(Library)]
    public static partial void g_object_unref(nint instance);

    [LibraryImport(Library)]
    public static partial void g_free(void* memory);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint g_log_set_handler(
        string domain, int levels, delegate* unmanaged<nint, int, nint, nint, void> handler, nint data);
}
