using System.Diagnostics;

namespace TensorCell.Jupyter.Tests;

/// <summary>The kernel under test, installed by its own command into directories that no other Jupyter sees.</summary>
public sealed class ClientFixture : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("tensorcell-jupyter-");

    public ClientFixture()
        : this(Tool.StartInfo())
    {
    }

    /// <summary>The kernel of another tool, which installs itself.</summary>
    internal ClientFixture(ProcessStartInfo tool)
    {
        foreach (string argument in (string[])["install", "--prefix", root.FullName, "--alias", ".net-csharp"])
        {
            tool.ArgumentList.Add(argument);
        }

        Tool.Succeed(tool);
        Environment = new Dictionary<string, string>
        {
            ["JUPYTER_PATH"] = Path.Combine(root.FullName, "share", "jupyter"),
            ["JUPYTER_DATA_DIR"] = Path.Combine(root.FullName, "data"),
            ["JUPYTER_RUNTIME_DIR"] = Path.Combine(root.FullName, "runtime"),
            ["JUPYTER_CONFIG_DIR"] = Path.Combine(root.FullName, "config"),
            ["JUPYTER_ALLOW_INSECURE_WRITES"] = "1",
            ["PYTHONIOENCODING"] = "utf-8",

            // A kernel that is killed leaves the runtime's pipes and sockets behind.
            ["TMPDIR"] = root.FullName,
        };
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Runs one check of Clients/kernel_client.py.</summary>
    public string Check(string name)
    {
        using Process process = PythonClient.Start("kernel_client.py", [name], Environment);
        return PythonClient.Finish(process, seconds: 150);
    }

    public void Dispose() => root.Delete(recursive: true);
}
