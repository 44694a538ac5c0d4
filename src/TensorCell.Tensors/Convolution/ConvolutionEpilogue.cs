using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Elementwise work done on each line of a convolution's finished pixels while it is in the nearest cache, such as applying an activation or adding a
/// residual. Between the pixels of a line it works on whatever lies there, and must not fail on it.
/// </summary>
internal sealed record ConvolutionEpilogue
{
    /// <summary>The kernel, whose operands are all adjacent elements, or one for each channel.</summary>
    public required PartLaunch Launch { get; init; }

    /// <summary>The kernel's inputs, then its outputs.</summary>
    public required EpilogueOperand[] Operands
    {
        get;
        init => (field, Lines) = (value, value.Count(operand => operand.Role == EpilogueRole.Pixels));
    }

    /// <summary>How many of them are inputs.</summary>
    public required int Inputs { get; init; }

    /// <summary>
    /// How many bytes from the product's output each result of its type lies. The first takes the place of the sums in working memory: it is they
    /// themselves, or overwrites them.
    /// </summary>
    public required nint[] Results { get; init; }

    /// <summary>How many operands are copied onto lines of their own, or from there.</summary>
    public int Lines { get; private init; }

    /// <summary>Whether rows of so many pixels are as one in all that is read and stored.</summary>
    public bool CanFlatten(int width) => Operands.All(operand => operand.CanFlatten(width));

    /// <summary>The same where all rows are as one, of so many pixels.</summary>
    public ConvolutionEpilogue Flattened(nint area) => this with
    {
        Operands = [.. Operands.Select(operand => operand with { Images = operand.Images with { RowStride = operand.Images.ColumnStride * area } })],
    };

    /// <summary>Whether all results are of the convolution's type and lie alike to whole vectors of memory.</summary>
    public bool CanStream => Operands.Skip(Inputs).All(operand => operand.Role == EpilogueRole.Result)
        && Results.All(result => result % CpuBuffer.Alignment == 0);

    /// <summary>Whether all that is read or stored at the pixels of rows so wide is adjacent.</summary>
    public bool IsInLine(int width) => Operands.All(operand => operand.Role != EpilogueRole.Pixels || operand.Images.HasAdjacentRows(width));

    /// <summary>The same for every so manieth row and column, from a place on.</summary>
    public ConvolutionEpilogue Every(int row, int column, Size2 stride) => this with
    {
        Operands = [.. Operands.Select(operand => operand with { Images = operand.Images.Every(row, column, stride, operand.ElementSize) })],
    };

    /// <summary>The same from a pixel on.</summary>
    public ConvolutionEpilogue At(int image, int channel, int row, int column) => this with
    {
        Operands = [.. Operands.Select(operand => operand with { Images = operand.Images.At(image, channel, row, column, operand.ElementSize) })],
    };
}
