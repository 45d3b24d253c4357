using Tandem.Spec;

namespace Tandem.Workspace;

/// <summary>Starts a system: a folder with a commented tandem.yaml.</summary>
public static class NewSystem
{
    /// <summary>Writes the file.</summary>
    /// <param name="name">Name of the system and of its folder: lower-case letters, digits and hyphens.</param>
    /// <param name="template"><c>video</c>, <c>ads</c> or <c>blank</c>.</param>
    /// <param name="parent">Folder to make it in; default the current one.</param>
    /// <returns>Path of the file.</returns>
    /// <exception cref="Tandem.Faults.TandemException">WSP001: the file is already there; an SPC code: the name is not
    /// valid.</exception>
    public static string Create(string name, string template, string parent = ".")
    {
        string text = SpecTemplates.Write(name, template);
        string folder = Path.Combine(parent, name);
        string path = Path.Combine(folder, "tandem.yaml");
        if (File.Exists(path))
        {
            throw WorkspaceErrors.AlreadyThere(path);
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(path, text);
        return path;
    }
}
