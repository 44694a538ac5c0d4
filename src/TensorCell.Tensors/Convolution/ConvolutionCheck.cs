using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Tensors.Convolution;

/// <summary>What is asked of a convolution, as the user gave it: checked, and brought to images of one floating-point type.</summary>
/// <param name="name">The name errors use.</param>
/// <param name="axes">1 for sequences, 2 for images.</param>
/// <param name="input">[n, c, …] or [c, …].</param>
/// <param name="weights">The weights.</param>
/// <param name="bias">The bias, or null.</param>
/// <param name="part">How the filters move.</param>
internal sealed class ConvolutionCheck(string name, int axes, Tensor input, Tensor weights, Tensor? bias, ConvolutionPart part)
{
    private bool IsBatch => input.Rank == axes + 2;

    /// <summary>Converts the operands, applies a function of images, weights of four axes and bias, and brings its result to the input's rank and type.</summary>
    public Tensor Apply(Func<Tensor, Tensor, Tensor?, Tensor> convolve)
    {
        CheckRanks();
        DType type = Promotion.Of(input.DType, weights.DType);
        type = bias is null ? type : Promotion.Of(type, bias.DType);
        if (!type.IsFloatingPoint)
        {
            Throw.NotSupported(
                $"{name}: {input.DType.Name} * {weights.DType.Name}: only floating-point tensors are convolved; use .To(DType.Float32) or .To(DType.Float64) first");
        }

        DType computed = type == DType.Float64 ? DType.Float64 : DType.Float32;
        Tensor images = IsBatch ? input : input.Unsqueeze(0);
        Tensor filters = weights;
        if (axes == 1)
        {
            images = images.Unsqueeze(2);
            filters = filters.Unsqueeze(2);
        }

        Tensor result = convolve(images.To(computed), filters.To(computed), bias?.To(computed).Contiguous()).To(type);
        result = axes == 1 ? result.Squeeze(2) : result;
        return IsBatch ? result : result.Squeeze(0);
    }

    /// <summary>The shape of a convolution.</summary>
    public ConvolutionShape Shape()
    {
        (int images, int channels, Size2 size) = Split(input.Shape, IsBatch);
        (int filters, int perGroup, Size2 kernel) = Split(weights.Shape, true);
        CheckCommon(kernel);
        if (channels != perGroup * (long)part.Groups)
        {
            Throw.Argument(part.Groups == 1
                ? $"{Operands}: the input has {channels} channels and the weights are for {perGroup}"
                : $"{Operands}: the input has {channels} channels and the weights are for {part.Groups} groups of {perGroup}");
        }

        CheckDivides(filters, "filters");
        CheckBias(filters);
        Size2 output = new(
            Length(size.Height, kernel.Height, part.Stride.Height, part.Padding.Height, part.Dilation.Height),
            Length(size.Width, kernel.Width, part.Stride.Width, part.Padding.Width, part.Dilation.Width));
        return new ConvolutionShape(images, perGroup, filters / part.Groups, size, kernel, output, part);
    }

    /// <summary>The shape of the convolution whose transpose is asked for.</summary>
    public ConvolutionShape TransposedShape()
    {
        (int images, int channels, Size2 size) = Split(input.Shape, IsBatch);
        (int filters, int perGroup, Size2 kernel) = Split(weights.Shape, true);
        CheckCommon(kernel);
        if (channels != filters)
        {
            Throw.Argument($"{Operands}: the input has {channels} channels and the weights are for {filters}");
        }

        CheckDivides(channels, "channels");
        CheckBias(perGroup * (long)part.Groups);
        Size2 added = part.OutputPadding;
        if (added.Height < 0 || added.Width < 0
            || (added.Height >= part.Stride.Height && added.Height >= part.Dilation.Height && added.Height > 0)
            || (added.Width >= part.Stride.Width && added.Width >= part.Dilation.Width && added.Width > 0))
        {
            Throw.Argument($"{Operands}: outputPadding {Text(added)}: must be less than stride {Text(part.Stride)} or dilation {Text(part.Dilation)}, and not negative");
        }

        Size2 output = new(
            TransposedLength(size.Height, kernel.Height, part.Stride.Height, part.Padding.Height, part.Dilation.Height, added.Height),
            TransposedLength(size.Width, kernel.Width, part.Stride.Width, part.Padding.Width, part.Dilation.Width, added.Width));
        return new ConvolutionShape(images, perGroup, channels / part.Groups, output, kernel, size, part);
    }

    private string Operands => $"{name}: {input.Shape} * {weights.Shape}";

    private string Text(Size2 size) => axes == 1 ? size.Width.ToString() : size.ToString();

    private void CheckRanks()
    {
        string lengths = axes == 1 ? "l" : "h, w";
        if (input.Rank != axes + 1 && input.Rank != axes + 2)
        {
            Throw.Argument($"{Operands}: the input must be [n, c, {lengths}] or [c, {lengths}]");
        }

        if (weights.Rank != axes + 2)
        {
            string kernel = axes == 1 ? "k" : "kh, kw";
            Throw.Argument($"{Operands}: the weights must have {axes + 2} axes: filters, channels, {kernel}");
        }
    }

    private void CheckCommon(Size2 kernel)
    {
        if (part.Stride.Height < 1 || part.Stride.Width < 1 || part.Dilation.Height < 1 || part.Dilation.Width < 1)
        {
            Throw.Argument($"{Operands}: stride {Text(part.Stride)}, dilation {Text(part.Dilation)}: must be at least 1");
        }

        if (part.Padding.Height < 0 || part.Padding.Width < 0)
        {
            Throw.Argument($"{Operands}: padding {Text(part.Padding)} is negative; use Slice to crop");
        }

        if (part.Groups < 1)
        {
            Throw.Argument($"{Operands}: {part.Groups} groups: must be at least 1");
        }

        if (kernel.Height == 0 || kernel.Width == 0)
        {
            Throw.Argument($"{Operands}: the weights have no elements");
        }
    }

    private void CheckDivides(int length, string what)
    {
        if (length % part.Groups != 0)
        {
            Throw.Argument($"{Operands}: {length} {what} do not divide into {part.Groups} groups");
        }
    }

    private void CheckBias(long filters)
    {
        if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != filters))
        {
            Throw.Argument($"{Operands}: a bias of shape {bias.Shape}; it must be [{filters}], one for each channel of the result");
        }
    }

    private (int Images, int Channels, Size2 Size) Split(Shape shape, bool isBatch)
    {
        int first = isBatch ? 1 : 0;
        return (isBatch ? shape[0] : 1, shape[first], axes == 1 ? new Size2(1, shape[first + 1]) : new Size2(shape[first + 1], shape[first + 2]));
    }

    private int Length(int length, int kernel, int stride, int padding, int dilation)
    {
        long span = ((kernel - 1L) * dilation) + 1;
        long padded = length + (2L * padding);
        if (span > padded || padded > int.MaxValue)
        {
            Throw.Argument(padded > int.MaxValue
                ? $"{Operands}: {length} with padding {padding} is too long"
                : $"{Operands}: the kernel spans {span} and the input with its padding only {padded}; pad more, or take a smaller kernel or dilation");
        }

        return (int)(((padded - span) / stride) + 1);
    }

    private int TransposedLength(int length, int kernel, int stride, int padding, int dilation, int added)
    {
        long result = ((length - 1L) * stride) - (2L * padding) + ((kernel - 1L) * dilation) + added + 1;
        return result is > 0 and <= int.MaxValue
            ? (int)result
            : Throw.Argument<int>($"{Operands}: the result would have a length of {result}");
    }
}
