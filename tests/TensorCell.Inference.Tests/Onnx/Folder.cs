namespace TensorCell.Inference.Tests.Onnx;

/// <summary>A folder of a test's own, which goes with it.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tensorcell-").FullName;

    /// <summary>The place of a file in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
