using Tandem.Faults;
using Tandem.Inference.Pictures;
using Tandem.Learning.Pictures;

namespace Tandem.Workspace.Pictures;

/// <summary>Files of pictures with the names of their classes.</summary>
internal sealed class LabelledPictures
{
    private static readonly PictureLimits Limits = new();

    private readonly List<(string Class, Picture Picture)> _pictures = [];
    private readonly List<SkippedPicture> _skipped = [];

    /// <summary>Names of the classes, in order.</summary>
    public IReadOnlyList<string> Classes =>
        [.. _pictures.Select(static each => each.Class).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Number of pictures.</summary>
    public int Count => _pictures.Count;

    /// <summary>Files that are no pictures, or cannot be read.</summary>
    public IReadOnlyList<SkippedPicture> Skipped => _skipped;

    /// <summary>Adds a file.</summary>
    /// <param name="name">How to call it.</param>
    /// <param name="category">Name of its class.</param>
    /// <param name="file">Its bytes.</param>
    public void Add(string name, string category, byte[] file)
    {
        try
        {
            // Decoded once here, so that a damaged one is found before anything is learned.
            var picture = Picture.Open(file, Limits);
            picture.Read(new PictureSize(1, 1), stackalloc byte[3]);
            _pictures.Add((category, picture));
        }
        catch (TandemException wrong)
        {
            _skipped.Add(new SkippedPicture(name, wrong.Fault.What));
        }
    }

    /// <summary>Adds the files of a folder, each class a folder in it: the class of a file is the folder that it lies in,
    /// by its path. What begins with a dot is passed over, and links are not followed.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="TandemException">WSP120: it cannot be read.</exception>
    public void AddFolder(string folder)
    {
        try
        {
            EnumerationOptions all = new()
            {
                RecurseSubdirectories = true,
                AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System,
            };
            foreach (string path in Directory.EnumerateFiles(folder, "*", all).Order(StringComparer.Ordinal))
            {
                string name = Path.GetRelativePath(folder, path);
                string category = Path.GetDirectoryName(name) ?? "";
                if (category.Length > 0 && !IsTooLarge(name, new FileInfo(path).Length))
                {
                    Add(name, category, File.ReadAllBytes(path));
                }
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw WorkspaceErrors.NoPictureFolder(folder, wrong.Message);
        }
    }

    /// <summary>The pictures of some classes as bytes of one size, classes numbered in the order of their names.</summary>
    /// <param name="takes">Which classes.</param>
    /// <param name="side">Rows and columns; what juts out of the square is cut off.</param>
    /// <param name="isGrey">True for one channel, else three.</param>
    /// <param name="cancellationToken">Stops between pictures.</param>
    public PictureSet Read(Func<string, bool> takes, int side, bool isGrey, CancellationToken cancellationToken)
    {
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        foreach (string name in Classes.Where(takes))
        {
            numbers.Add(name, numbers.Count);
        }

        (string Class, Picture Picture)[] taken = [.. _pictures.Where(each => numbers.ContainsKey(each.Class))];
        int channels = isGrey ? 1 : 3;
        int length = side * side * channels;
        byte[] pixels = new byte[checked((long)length * taken.Length)];
        Parallel.For(
            0, taken.Length, new ParallelOptions { CancellationToken = cancellationToken },
            picture => Read(taken[picture].Picture, side, isGrey, pixels.AsSpan(picture * length, length)));
        return new PictureSet
        {
            Side = side,
            Channels = channels,
            Pixels = pixels,
            Classes = [.. taken.Select(each => numbers[each.Class])],
        };
    }

    /// <summary>Reads one picture.</summary>
    public static void Read(Picture picture, int side, bool isGrey, Span<byte> pixels)
    {
        PictureSize size = new(side, side);
        if (!isGrey)
        {
            picture.Read(size, pixels);
            return;
        }

        byte[] rgb = new byte[size.ValueCount];
        picture.Read(size, rgb);
        EncoderFile.ToGrey(rgb, pixels);
    }

    private bool IsTooLarge(string name, long bytes)
    {
        if (bytes > Limits.MaxBytes)
        {
            _skipped.Add(new SkippedPicture(name, $"it has {bytes} bytes"));
        }

        return bytes > Limits.MaxBytes;
    }
}
