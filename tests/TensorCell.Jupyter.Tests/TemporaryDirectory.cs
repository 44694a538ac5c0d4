namespace TensorCell.Jupyter.Tests;

/// <summary>A directory of a test's own.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tensorcell-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
