using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;
using TensorCell.Tensors.Pooling;

namespace TensorCell.Tensors;

// Windows of images […, h, w] and of sequences […, l] as one element each; all axes before are kept.
public sealed partial class Tensor
{
    /// <summary>
    /// The greatest element of every window of sequences: […, l] gives […, l'], l' = (l + 2 padding - kernel) / stride + 1 rounded down; NaN if there is a NaN.
    /// Its gradient goes to the first of the greatest.
    /// </summary>
    /// <inheritdoc cref="AvgPool1D"/>
    public Tensor MaxPool1D(int kernel, int? stride = null, int padding = 0) =>
        Pool("maxpool1d", 1, new PoolingPart((1, kernel), (1, stride ?? kernel), (0, padding)), MaximumPool);

    /// <summary>
    /// The greatest element of every window of images: […, h, w] gives […, h', w'], h' = (h + 2 padding - kernel) / stride + 1 rounded down; NaN if there is a NaN.
    /// Its gradient goes to the first of the greatest.
    /// </summary>
    /// <inheritdoc cref="AvgPool2D"/>
    public Tensor MaxPool2D(Size2 kernel, Size2? stride = null, Size2 padding = default) =>
        Pool("maxpool2d", 2, new PoolingPart(kernel, stride ?? kernel, padding), MaximumPool);

    /// <summary>
    /// The average of every window of sequences: […, l] gives […, l'], l' = (l + 2 padding - kernel) / stride + 1 rounded down; of integers an f64.
    /// </summary>
    /// <param name="kernel">The length of a window.</param>
    /// <param name="stride">From one window to the next; that of a window by default.</param>
    /// <param name="padding">How far windows reach beyond both ends; at most half a window.</param>
    /// <param name="countsPadding">Whether what lies beyond counts as zeros; else it is left out.</param>
    /// <exception cref="ArgumentException">Windows that do not fit.</exception>
    public Tensor AvgPool1D(int kernel, int? stride = null, int padding = 0, bool countsPadding = true) =>
        Pool("avgpool1d", 1, new PoolingPart((1, kernel), (1, stride ?? kernel), (0, padding), countsPadding), AveragePool);

    /// <summary>
    /// The average of every window of images: […, h, w] gives […, h', w'], h' = (h + 2 padding - kernel) / stride + 1 rounded down; of integers an f64.
    /// </summary>
    /// <param name="kernel">Rows and columns of a window.</param>
    /// <param name="stride">From one window to the next; those of a window by default.</param>
    /// <param name="padding">How far windows reach beyond every side; at most half a window.</param>
    /// <param name="countsPadding">Whether what lies beyond counts as zeros; else it is left out.</param>
    /// <exception cref="ArgumentException">Windows that do not fit.</exception>
    public Tensor AvgPool2D(Size2 kernel, Size2? stride = null, Size2 padding = default, bool countsPadding = true) =>
        Pool("avgpool2d", 2, new PoolingPart(kernel, stride ?? kernel, padding, countsPadding), AveragePool);

    /// <summary>
    /// The averages of so many parts of images, as equal as can be: […, h, w] gives […, output]; part i of n has the rows from i h / n, rounded down, to
    /// (i + 1) h / n, rounded up. 1 gives the average of each whole plane.
    /// </summary>
    /// <param name="output">Rows and columns of the result.</param>
    /// <exception cref="ArgumentException">Fewer than two axes, or none of rows, columns or parts.</exception>
    public Tensor AdaptiveAvgPool2D(Size2 output)
    {
        if (Rank < 2 || output.Height < 1 || output.Width < 1 || Shape[-1] == 0 || Shape[-2] == 0)
        {
            Throw.Argument($"adaptiveavgpool2d: {Shape} to {output}: needs […, h, w] with at least one row and column, and parts of both");
        }

        if (output == 1)
        {
            return Mean([-2, -1], keepDims: true);
        }

        if (Shape[-2] % output.Height == 0 && Shape[-1] % output.Width == 0)
        {
            return AvgPool2D((Shape[-2] / output.Height, Shape[-1] / output.Width));
        }

        Tensor real = DType.IsFloatingPoint ? this : To(DType.Float64);
        DType computed = real.DType == DType.Float64 ? DType.Float64 : DType.Float32;
        return Parts(Shape[-2], output.Height, computed)
            .MatMul(real.To(computed))
            .MatMul(Parts(Shape[-1], output.Width, computed).T)
            .To(real.DType);
    }

    /// <summary>The averages of windows that are known to fit.</summary>
    internal static Tensor AveragePool(string name, PoolingShape shape, Tensor input, Shape result)
    {
        Tensor planes = input.DType.IsFloatingPoint ? input : input.To(DType.Float64);
        DType type = planes.DType;
        planes = Computable(planes).Contiguous();
        Tensor means = Pending(new PoolingOperation(name, shape, isMean: true, planes.As(planes.Shape)), result, planes.DType);
        return (Tape.Keeps(planes) ? PoolingRules.Average(means, name, shape, planes) : means).To(type);
    }

    /// <summary>A matrix that averages parts: [parts, length].</summary>
    private static Tensor Parts(int length, int parts, DType type)
    {
        double[] shares = new double[(long)parts * length];
        for (long part = 0; part < parts; part++)
        {
            long first = part * length / parts;
            long end = (((part + 1) * length) + parts - 1) / parts;
            shares.AsSpan((int)((part * length) + first), (int)(end - first)).Fill(1.0 / (end - first));
        }

        return From(shares, (parts, length)).To(type);
    }

    private static Tensor MaximumPool(string name, PoolingShape shape, Tensor input, Shape result)
    {
        Tensor planes = (input.DType == DType.Bool ? input.To(DType.Int32) : Computable(input)).Contiguous();
        Tensor greatest = Pending(new PoolingOperation(name, shape, isMean: false, planes.As(planes.Shape)), result, planes.DType);
        return (Tape.Keeps(planes) ? PoolingRules.Max(greatest, name, shape, planes) : greatest).To(input.DType);
    }

    private Tensor Pool(string name, int axes, PoolingPart part, Func<string, PoolingShape, Tensor, Shape, Tensor> pool)
    {
        string Text(Size2 size) => axes == 1 ? size.Width.ToString() : size.ToString();
        if (Rank < axes)
        {
            Throw.Argument($"{name}: {Shape}: needs at least {(axes == 1 ? "one axis: […, l]" : "two axes: […, h, w]")}");
        }

        Size2 input = (axes == 1 ? 1 : Shape[-2], Shape[-1]);
        (Size2 kernel, Size2 stride, Size2 padding, _) = part;
        if (kernel.Height < 1 || kernel.Width < 1 || stride.Height < 1 || stride.Width < 1)
        {
            Throw.Argument($"{name}: {Shape}: windows of {Text(kernel)} every {Text(stride)}: must be at least 1");
        }

        if (padding.Height < 0 || padding.Width < 0 || padding.Height > kernel.Height / 2 || padding.Width > kernel.Width / 2)
        {
            Throw.Argument($"{name}: {Shape}: padding {Text(padding)}: must be from 0 to half a window of {Text(kernel)}");
        }

        if (input.Height + (2L * padding.Height) < kernel.Height || input.Width + (2L * padding.Width) < kernel.Width || input.Area == 0)
        {
            Throw.Argument($"{name}: {Shape}: no window of {Text(kernel)} fits, with padding {Text(padding)}");
        }

        Size2 output = (
            (int)((input.Height + (2L * padding.Height) - kernel.Height) / stride.Height) + 1,
            (int)((input.Width + (2L * padding.Width) - kernel.Width) / stride.Width) + 1);
        Shape result = Shape.Of([.. Shape.ToArray()[..^axes], .. axes == 1 ? [output.Width] : (int[])[output.Height, output.Width]]);
        return pool(name, new PoolingShape(Count / input.Area, input, output, part), this, result);
    }
}
