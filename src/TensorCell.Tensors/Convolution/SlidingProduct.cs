using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Products of filters with what lies under them at every step over a batch of images: what convolutions, and their gradients with respect to the
/// input, come down to. Pixel (y, x) of filter f is the sum over channels and taps of a weight times pixel
/// (y · step + row, x · step + column) of the input, which is zero outside.
/// </summary>
internal sealed record SlidingProduct
{
    // Less work is done before another thread has woken.
    private const double SharedFlops = 1e6;

    /// <summary>How many images.</summary>
    public required int Images { get; init; }

    /// <summary>Groups of channels, each with filters of its own.</summary>
    public required int Groups { get; init; }

    /// <summary>Channels of the input in each group.</summary>
    public required int Channels { get; init; }

    /// <summary>Filters, and so channels of the result, in each group.</summary>
    public required int Filters { get; init; }

    /// <summary>Where the filters read.</summary>
    public required Tap[] Taps { get; init; }

    /// <summary>Pixels of the input from one pixel of the result to the next.</summary>
    public required Size2 Step { get; init; }

    /// <summary>The input's rows and columns.</summary>
    public required Size2 InputSize { get; init; }

    /// <summary>The result's rows and columns.</summary>
    public required Size2 OutputSize { get; init; }

    /// <summary>The input.</summary>
    public required ImageOperand Input { get; init; }

    /// <summary>The weights.</summary>
    public required FilterOperand Weights { get; init; }

    /// <summary>The result.</summary>
    public required ImageOperand Output { get; init; }

    /// <summary>What is added to each channel of the result, adjacent elements; 0 for nothing.</summary>
    public nint Bias { get; init; }

    /// <summary>Work to do on finished pixels, if any.</summary>
    public ConvolutionEpilogue? Epilogue { get; init; }

    /// <summary>Terms of each sum.</summary>
    public int Depth => Channels * Taps.Length;

    /// <summary>Multiplications and additions.</summary>
    public double Flops => 2.0 * Images * Groups * Filters * OutputSize.Area * Depth;

    /// <summary>Whether each image is one long row, of which every tap reads the place it is for.</summary>
    public bool IsFlat =>
        Taps is [{ Row: 0, Column: 0 }] && InputSize == OutputSize && OutputSize.Height == 1 && Step.Width == 1
        && Input.ColumnStride == 1 && Output.ColumnStride == 1;

    /// <summary>Runs tasks of its computation, on all threads where it is worth waking them.</summary>
    public void For(int tasks, Action<int> run)
    {
        if (Flops >= SharedFlops)
        {
            Workers.For(tasks, run);
            return;
        }

        for (int task = 0; task < tasks; task++)
        {
            run(task);
        }
    }

    /// <summary>
    /// The same where a filter reads one pixel, that of its own place, and rows are adjacent: then an image is one long row, which is cut wherever
    /// it is best.
    /// </summary>
    public SlidingProduct Flattened =>
        Taps is [{ Row: 0, Column: 0 }] && Step == new Size2(1, 1) && InputSize == OutputSize && OutputSize.Area <= int.MaxValue
            && Input.HasAdjacentRows(InputSize.Width) && Output.HasAdjacentRows(OutputSize.Width) && Epilogue?.CanFlatten(OutputSize.Width) != false
            ? this with
            {
                InputSize = new Size2(1, (int)InputSize.Area),
                OutputSize = new Size2(1, (int)OutputSize.Area),
                Input = Input with { RowStride = (nint)InputSize.Area },
                Output = Output with { RowStride = (nint)OutputSize.Area },
                Epilogue = Epilogue?.Flattened((nint)OutputSize.Area),
            }
            : this;

    /// <summary>The same for a block of pixels alone.</summary>
    /// <param name="block">Pixels of one image.</param>
    /// <param name="elementSize">Bytes per element.</param>
    public SlidingProduct At(PixelBlock block, int elementSize) => this with
    {
        Images = 1,
        Groups = 1,
        Taps = [.. Taps.Select(tap => tap with { Row = tap.Row + (block.Row * Step.Height), Column = tap.Column + (block.Column * Step.Width) })],
        OutputSize = (block.Rows, block.Columns),
        Input = Input.At(block.Image, block.Group * Channels, 0, 0, elementSize),
        Weights = Weights with { Address = Weights.Address + (block.Group * Weights.GroupStride * elementSize) },
        Output = Output.At(block.Image, block.Group * Filters, block.Row, block.Column, elementSize),
        Bias = Bias == 0 ? 0 : Bias + (block.Group * Filters * elementSize),
        Epilogue = Epilogue?.At(block.Image, block.Group * Filters, block.Row, block.Column),
    };
}
