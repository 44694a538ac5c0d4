using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// How a sliding product is cut into blocks of pixels, and how the part of the input that a block reads lies in working memory: padded with zeros, and
/// for steps of more than one pixel taken apart into planes of every so manieth row and column. Then the inputs of adjacent pixels are adjacent, at
/// a distance that depends on channel and tap alone, and all pixels of a block lie on one line: some places on it, at the ends of rows, are no pixels.
/// </summary>
internal sealed class BlockGeometry
{
    private const int SpansPerBlock = 4;

    // The time in which a vector is copied, in that of multiplying one for a filter.
    private const double SpreadCost = 4;

    private readonly SlidingProduct product;
    private readonly int spanRows;
    private readonly int spanColumns;
    private readonly BlockLimits limits;

    /// <summary>Cuts a product within limits.</summary>
    public BlockGeometry(SlidingProduct product, BlockLimits limits)
    {
        (this.product, this.limits) = (product, limits);
        FirstRow = product.Taps.Min(tap => tap.Row);
        FirstColumn = product.Taps.Min(tap => tap.Column);
        spanRows = product.Taps.Max(tap => tap.Row) - FirstRow;
        spanColumns = product.Taps.Max(tap => tap.Column) - FirstColumn;
        (Columns, Rows, LineRows, Images) = (product.OutputSize.Width, 1, 1, 1);
        Measure(Columns);
        if (Columns > limits.Line || ChannelPitch * limits.Channels > limits.Memory)
        {
            CutColumns();
        }
        else
        {
            CutRows();
            SpreadWholeImages();
        }

        Measure(Columns);
    }

    /// <summary>
    /// Whether every tap gets pixels of its own, without gaps on their line: for small images, of which much would be gaps, and many filters, beside which
    /// the copying is little.
    /// </summary>
    public bool IsSpread { get; private set; }

    /// <summary>Elements from one tap's line to the next, where they are spread.</summary>
    public nint SpreadPitch => BlockSizes.RoundUp(MaximumLine, limits.Lanes) + limits.Lanes;

    /// <summary>Channels whose lines are there at once, at most.</summary>
    public int ChannelsAtOnce => IsSpread
        ? (int)Math.Clamp(limits.Memory / 2 / (product.Taps.Length * SpreadPitch), 1, limits.Channels)
        : limits.Channels;

    /// <summary>Places from one row of a block to the next on its line.</summary>
    public int LineRowPitch => IsSpread ? Columns : RowPitch;

    /// <summary>Places from one image of a block to the next on its line.</summary>
    public nint LineImagePitch => IsSpread ? Rows * (nint)Columns : ImagePitch;

    /// <summary>How a line's pixels lie.</summary>
    public LineLayout Layout => new(LineRowPitch, LineImagePitch, MaximumLine);

    /// <summary>Images in a block, at most.</summary>
    public int Images { get; private set; }

    /// <summary>Rows of the result in a block, at most: all of them where there is more than one image.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows of a block on one line, at most: all of them where there is more than one image.</summary>
    public int LineRows { get; private set; }

    /// <summary>Columns of the result in a block, at most: all of them where there is more than one row.</summary>
    public int Columns { get; private set; }

    /// <summary>The row of the input that a block's first tap reads, from where its first pixel's step has come to.</summary>
    public int FirstRow { get; }

    /// <summary>The same for columns.</summary>
    public int FirstColumn { get; }

    /// <summary>Rows of each plane, for each image.</summary>
    public int PlaneRows { get; private set; }

    /// <summary>Elements from one row of a plane to the next.</summary>
    public int RowPitch { get; private set; }

    /// <summary>Zeros at the start of each row that are those after the row before, too; after the last row they follow once more.</summary>
    public int SharedZeros { get; private set; }

    /// <summary>Elements from one image to the next, in a plane and on the line.</summary>
    public nint ImagePitch => (nint)PlaneRows * RowPitch;

    /// <summary>Elements from one plane to the next.</summary>
    public nint PlanePitch => (Images * ImagePitch) + SharedZeros;

    /// <summary>Elements from one channel to the next.</summary>
    public nint ChannelPitch { get; private set; }

    /// <summary>How many blocks there are in all.</summary>
    public nint Blocks => (nint)Parts(product.Images, Images) * product.Groups * BlocksPerImage;

    /// <summary>Blocks of a group of an image.</summary>
    public int BlocksPerImage => BlocksDown * BlocksAcross;

    /// <summary>Blocks in a row of the result.</summary>
    public int BlocksAcross => Parts(product.OutputSize.Width, Columns);

    /// <summary>The longest line.</summary>
    public nint MaximumLine => Line(Images, LineRows, Columns);

    private int BlocksDown => Parts(product.OutputSize.Height, Rows);

    /// <summary>The blocks: those of a group of an image after those of another, row by row.</summary>
    public PixelBlock Block(nint index)
    {
        (nint outer, nint inner) = Math.DivRem(index, BlocksPerImage);
        (nint images, nint group) = Math.DivRem(outer, product.Groups);
        (nint down, nint across) = Math.DivRem(inner, BlocksAcross);
        int image = (int)images * Images;
        int row = (int)down * Rows;
        int column = (int)across * Columns;
        return new PixelBlock(
            image,
            Math.Min(Images, product.Images - image),
            (int)group,
            row,
            Math.Min(Rows, product.OutputSize.Height - row),
            column,
            Math.Min(Columns, product.OutputSize.Width - column));
    }

    /// <summary>How many places there are on the line from the first pixel to the last.</summary>
    public nint Line(int images, int rows, int columns) => ((images - 1) * LineImagePitch) + ((rows - 1) * (nint)LineRowPitch) + columns;

    /// <summary>Where a tap of a channel lies, for the first pixel of the line.</summary>
    public nint Offset(int channel, Tap tap)
    {
        var (row, planeRow) = Math.DivRem(tap.Row - FirstRow, product.Step.Height);
        var (column, planeColumn) = Math.DivRem(tap.Column - FirstColumn, product.Step.Width);
        return (channel * ChannelPitch) + (((planeRow * product.Step.Width) + planeColumn) * PlanePitch) + (row * (nint)RowPitch) + column;
    }

    /// <summary>Whether any tap reads from a plane.</summary>
    public bool Uses(int planeRow, int planeColumn)
    {
        foreach (Tap tap in product.Taps)
        {
            if ((tap.Row - FirstRow) % product.Step.Height == planeRow && (tap.Column - FirstColumn) % product.Step.Width == planeColumn)
            {
                return true;
            }
        }

        return false;
    }

    private static int Parts(int length, int part) => (length + part - 1) / part;

    /// <summary>The pitches for blocks of so many columns.</summary>
    private void Measure(int columns)
    {
        PlaneRows = Rows + (spanRows / product.Step.Height);
        RowPitch = columns + (spanColumns / product.Step.Width);
        SharedZeros = 0;
        if (product.Step.Width == 1 && columns == product.OutputSize.Width)
        {
            int before = Math.Max(0, -FirstColumn);
            int after = Math.Max(0, RowPitch + FirstColumn - product.InputSize.Width);
            SharedZeros = Math.Min(Math.Min(before, after), RowPitch - columns);
            RowPitch -= SharedZeros;
        }

        // Channels that lie a power of two apart would share few places of a cache.
        nint pitch = BlockSizes.RoundUp(product.Step.Height * product.Step.Width * PlanePitch, 16);
        ChannelPitch = pitch % 32 == 0 ? pitch + 16 : pitch;
    }

    private void CutColumns()
    {
        long perColumn = (long)limits.Channels * product.Step.Height * product.Step.Width * PlaneRows;
        long most = Math.Max(2 * limits.Columns, Math.Min(limits.Line, (limits.Memory / perColumn) - spanColumns));
        Columns = (int)Math.Min(product.OutputSize.Width, BlockSizes.Even(product.OutputSize.Width, (nint)most, limits.Columns));
    }

    private void CutRows()
    {
        int height = product.OutputSize.Height;
        LineRows = BestLineRows();
        if (LineRows == height)
        {
            int images = 1;
            int most = Math.Max(1, (int)((long)product.Images * product.Groups / (4 * Workers.ThreadCount)));
            while (images < Math.Min(product.Images, most) && Fits(images + 1, height, limits.Line))
            {
                images++;
            }

            (Images, Rows) = (images, height);
            return;
        }

        // Rows that two blocks read are copied for both: several times as many keep that little.
        int rows = LineRows;
        while (!limits.HasOneLine && rows < Math.Min(height, SpansPerBlock * spanRows) && Fits(1, rows + LineRows, long.MaxValue))
        {
            rows += LineRows;
        }

        Rows = Math.Min(rows, height);
    }

    private void SpreadWholeImages()
    {
        nint area = (nint)product.OutputSize.Area;
        if (area > limits.Line)
        {
            return;
        }

        double Use(int images, nint line) => (double)images * area / BlockSizes.RoundUp(line, limits.Lanes);
        int best = 1;
        for (int images = 2; images <= Math.Min(product.Images, limits.Line / area); images++)
        {
            best = Use(images, images * area) > 1.005 * Use(best, best * area) ? images : best;
        }

        Measure(Columns);
        int width = product.OutputSize.Width;
        double cost = SpreadCost * limits.Lanes / (Math.Min(width, limits.Lanes) * (double)limits.Filters);
        double gapped = (double)product.OutputSize.Area * Images / (BlocksDown * BlockSizes.RoundUp(MaximumLine, limits.Lanes));
        if (Use(best, best * area) > gapped * (1 + cost))
        {
            (IsSpread, Images, Rows, LineRows) = (true, best, product.OutputSize.Height, product.OutputSize.Height);
        }
    }

    /// <summary>
    /// As many rows as fit on a line; or, where several percent more of the vectors that cover a line are pixels, fewer.
    /// </summary>
    private int BestLineRows()
    {
        int best = 1;
        double bestUse = 0;
        for (int rows = 1; rows <= product.OutputSize.Height && (rows == 1 || Fits(1, rows, limits.Line)); rows++)
        {
            // The last line of an image may be shorter.
            int lines = Parts(product.OutputSize.Height, rows);
            int even = Parts(product.OutputSize.Height, lines);
            double use = (double)product.OutputSize.Area / (lines * BlockSizes.RoundUp(Line(1, even, Columns), limits.Lanes));
            if (use > bestUse - (0.01 * (rows - best) / rows))
            {
                (best, bestUse) = (even, use);
            }
        }

        return best;
    }

    /// <summary>Whether a block of so many images and rows has no longer a line, and takes no more memory, than given.</summary>
    private bool Fits(int images, int rows, long line)
    {
        (Images, Rows) = (images, rows);
        Measure(Columns);
        bool fits = Line(images, rows, Columns) <= line && ChannelPitch * limits.Channels <= limits.Memory;
        (Images, Rows) = (1, 1);
        return fits;
    }
}
