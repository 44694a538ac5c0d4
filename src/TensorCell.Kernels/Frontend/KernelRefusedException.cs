namespace TensorCell.Kernels;

/// <summary>A C# method holds something that a kernel cannot.</summary>
/// <param name="construct">What, and what would work instead.</param>
/// <param name="method">The method that holds it.</param>
/// <param name="line">Its line in the method's source, or 0 if no symbols are known (<see cref="KernelSources"/>).</param>
/// <param name="file">That source's name.</param>
public sealed class KernelRefusedException(string construct, string method, int line, string? file)
    : NotSupportedException($"kernel: {method}{(line > 0 ? $", line {line}" : "")}: {construct}")
{
    /// <summary>What a kernel cannot hold.</summary>
    public string Construct { get; } = construct;

    /// <summary>The method that holds it.</summary>
    public string Method { get; } = method;

    /// <summary>Its line in the method's source, or 0 if no symbols are known.</summary>
    public int Line { get; } = line;

    /// <summary>The name of that source, where known.</summary>
    public string? File { get; } = file;
}
