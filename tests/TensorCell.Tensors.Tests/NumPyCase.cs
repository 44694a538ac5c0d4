namespace TensorCell.Tensors.Tests;

/// <summary>
/// Something that NumPy is to compute: an expression over named arrays, such as <c>np.roll(a, 2, axis=1)</c>. There may be statements on lines before
/// it, such as <c>a[i] = b</c>. Where it mentions <c>torch</c>, PyTorch is there too, and gets its tensors by <c>torch.from_numpy(a)</c>.
/// </summary>
/// <param name="Code">The Python code; its last line is the expression.</param>
/// <param name="Arrays">The arrays by name.</param>
internal sealed record NumPyCase(string Code, params (string Name, NumPyArray Array)[] Arrays)
{
    /// <summary>A case over tensors.</summary>
    public static NumPyCase Of(string code, params (string Name, Tensor Tensor)[] tensors) =>
        new(code, [.. tensors.Select(tensor => (tensor.Name, NumPyArray.Of(tensor.Tensor)))]);
}
