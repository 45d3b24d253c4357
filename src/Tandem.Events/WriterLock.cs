using System.Globalization;
using System.Text;

namespace Tandem.Events;

/// <summary>Holds a log's folder for one writing process. The operating system lets go of it when the process dies, so
/// a crash leaves nothing to clean up.</summary>
internal sealed class WriterLock : IDisposable
{
    private const string LockName = "writer.lock";

    // A second file, because where locks are mandatory nobody can read the first while it is held.
    private const string OwnerName = "writer.pid";

    private readonly FileStream _file;

    private WriterLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>Takes the folder.</summary>
    /// <exception cref="Tandem.Faults.TandemException">EVT006: another process, or another journal of this one, holds
    /// it.</exception>
    public static WriterLock Take(string folder)
    {
        string ownerPath = Path.Combine(folder, OwnerName);
        FileStream file;
        try
        {
            file = new FileStream(
                Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, LockName)))
        {
            throw EventErrors.AnotherWriter(folder, Owner(ownerPath));
        }

        TellOwner(ownerPath);
        return new WriterLock(file);
    }

    public void Dispose() => _file.Dispose();

    // A full disk must not keep anybody from opening the log and reading it.
    private static void TellOwner(string path)
    {
        try
        {
            File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), Encoding.ASCII);
        }
        catch (IOException)
        {
            // The next one to come is then told of "another process" only.
        }
    }

    private static string Owner(string path)
    {
        try
        {
            string id = File.ReadAllText(path, Encoding.ASCII).Trim();
            return id.Length > 0 ? $"process {id}" : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
