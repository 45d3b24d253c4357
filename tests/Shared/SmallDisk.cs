using System.Diagnostics;

namespace Tandem.Testing;

/// <summary>A file system in memory of a few hundred kilobytes, so that it is soon full. Mounting one takes
/// root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TestFolder? _own;
    private readonly string _path;

    private SmallDisk(string? path)
    {
        _own = path is null ? new TestFolder() : null;
        _path = path ?? _own!.Path;
    }

    /// <summary>Why none can be had here, or null where one can.</summary>
    public static string? Refusal { get; } = Try();

    /// <summary>A path on the disk.</summary>
    public string this[string name] => Path.Combine(_path, name);

    /// <summary>Mounts one.</summary>
    /// <param name="kilobytes">Its size.</param>
    /// <param name="path">Over which folder; null for one of its own.</param>
    public static SmallDisk Mount(int kilobytes, string? path = null)
    {
        SmallDisk disk = new(path);
        string error = Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tandem-test", disk._path);
        if (error.Length > 0)
        {
            disk._own?.Dispose();
            throw new InvalidOperationException(error);
        }

        return disk;
    }

    /// <summary>Takes up all room that is left, but for some.</summary>
    /// <param name="name">Name of the file that takes it.</param>
    /// <param name="spareBytes">Room to leave, rounded up to pages.</param>
    public void Fill(string name, long spareBytes = 0)
    {
        using FileStream file = new(this[name], FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[512]);
            }
        }
        catch (IOException)
        {
            // Full.
        }

        file.SetLength(Math.Max(0, file.Length - spareBytes));
    }

    public void Dispose()
    {
        Run("umount", "-l", _path);
        _own?.Dispose();
    }

    private static string? Try()
    {
        try
        {
            using SmallDisk disk = Mount(64);
            return null;
        }
        catch (Exception e)
        {
            return $"A small disk cannot be mounted here: {e.Message}";
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : error.Trim();
    }
}
