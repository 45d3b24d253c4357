using System.Diagnostics;
using Tandem.Testing;

namespace Tandem.Events.Tests;

/// <summary>A file system in memory of a few hundred kilobytes, so that it is soon full. Mounting one takes
/// root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TestFolder _folder = new();

    private SmallDisk()
    {
    }

    /// <summary>Why none can be had here, or null where one can.</summary>
    public static string? Refusal { get; } = Try();

    /// <summary>A path on the disk.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Mounts one.</summary>
    public static SmallDisk Mount(int kilobytes)
    {
        SmallDisk disk = new();
        string error = Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tandem-test", disk._folder.Path);
        if (error.Length > 0)
        {
            disk._folder.Dispose();
            throw new InvalidOperationException(error);
        }

        return disk;
    }

    /// <summary>Takes up all room that is left.</summary>
    public void Fill(string name)
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
    }

    public void Dispose()
    {
        Run("umount", "-l", _folder.Path);
        _folder.Dispose();
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
