using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// The filters transformed: for each product of matrices the weights packed into panels, for each channel those of a tile's filters side by side.
/// </summary>
internal sealed unsafe class WinogradFilters<TSimd, TVector>
    where TSimd : struct, IFusedVector<TVector, float>
    where TVector : struct
{
    private const int Weights = WinogradGeometry.Taps * WinogradGeometry.Taps;
    private readonly SlidingProduct product;
    private readonly int panelWidth;
    private readonly nint panelPitch;
    private readonly float* target;
    private readonly nint[] offsets = new nint[Weights];

    /// <summary>Plans the panels.</summary>
    /// <param name="product">Whose filters.</param>
    /// <param name="panelWidth">Elements across each panel.</param>
    /// <param name="target">Receives the panels.</param>
    public WinogradFilters(SlidingProduct product, int panelWidth, float* target)
    {
        this.product = product;
        this.panelWidth = panelWidth;
        this.target = target;
        PerGroup = (product.Filters + panelWidth - 1) / panelWidth;
        panelPitch = Pitch(product, panelWidth);
        int firstRow = product.Taps.Min(tap => tap.Row);
        int firstColumn = product.Taps.Min(tap => tap.Column);
        foreach (Tap tap in product.Taps)
        {
            offsets[((tap.Row - firstRow) * WinogradGeometry.Taps) + tap.Column - firstColumn] = tap.Weight;
        }
    }

    /// <summary>How many panels there are for each product of matrices.</summary>
    public int Count => product.Groups * PerGroup;

    /// <summary>How many of them each group has.</summary>
    public int PerGroup { get; }

    /// <summary>How many elements all panels take.</summary>
    public static nint Length(SlidingProduct product, int panelWidth) => WinogradGeometry.Products * product.Groups
        * BlockSizes.CeilingDivide(product.Filters, panelWidth) * Pitch(product, panelWidth);

    /// <summary>The filters of a panel, which share them out evenly.</summary>
    public (int First, int Count) Filters(int panel)
    {
        int first = (int)((long)product.Filters * panel / PerGroup);
        return (first, (int)((long)product.Filters * (panel + 1) / PerGroup) - first);
    }

    /// <summary>A panel of a group for one of the products.</summary>
    public float* Panel(int index, int group, int panel) => target + ((((index * (nint)product.Groups) + group) * PerGroup) + panel) * panelPitch;

    /// <summary>Transforms the filters of one panel.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(int index)
    {
        (int group, int panel) = Math.DivRem(index, PerGroup);
        (int first, int count) = Filters(panel);
        FilterOperand weights = product.Weights;
        float* source = (float*)weights.Address + (group * weights.GroupStride) + (first * weights.FilterStride);
        int width = (int)BlockSizes.RoundUp(panelWidth, TSimd.Count);
        float* taps = stackalloc float[Weights * width];
        new Span<float>(taps, Weights * width).Clear();
        nint productPitch = Count * panelPitch;
        for (int channel = 0; channel < product.Channels; channel++)
        {
            float* from = source + (channel * weights.ChannelStride);
            for (int tap = 0; tap < Weights; tap++)
            {
                float* weight = from + offsets[tap];
                for (int filter = 0; filter < count; filter++)
                {
                    taps[(tap * width) + filter] = weight[filter * weights.FilterStride];
                }
            }

            // What is too much across the panel is overwritten with the next channel, or lies between panels.
            float* to = Panel(0, group, panel) + (channel * (nint)panelWidth);
            for (int lane = 0; lane < width; lane += TSimd.Count)
            {
                Transform(taps + lane, width, to + lane, productPitch);
            }
        }
    }

    private static nint Pitch(SlidingProduct product, int panelWidth) =>
        BlockSizes.RoundUp((product.Channels * (nint)panelWidth) + TSimd.Count, CpuBuffer.Alignment / sizeof(float));

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(float* taps, int pitch, float* to, nint productPitch)
    {
        float* rows = stackalloc float[WinogradGeometry.Points * WinogradGeometry.Taps * TSimd.Count];
        for (int column = 0; column < WinogradGeometry.Taps; column++)
        {
            float* tap = taps + (column * pitch);
            nint down = WinogradGeometry.Taps * pitch;
            TransformLine(TSimd.Load(tap), TSimd.Load(tap + down), TSimd.Load(tap + (2 * down)), rows + (column * TSimd.Count), WinogradGeometry.Taps * TSimd.Count);
        }

        for (int row = 0; row < WinogradGeometry.Points; row++)
        {
            float* line = rows + (row * WinogradGeometry.Taps * TSimd.Count);
            TransformLine(
                TSimd.Load(line), TSimd.Load(line + TSimd.Count), TSimd.Load(line + (2 * TSimd.Count)), to + (row * WinogradGeometry.Points * productPitch), productPitch);
        }
    }

    /// <summary>A polynomial's values at all points, over the products of the points' differences.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformLine(TVector first, TVector second, TVector third, float* to, nint pitch)
    {
        TVector innerEven = TSimd.MultiplyAdd(
            third, TSimd.Fill(WinogradPoints.InnerScale * WinogradPoints.InnerSquare), TSimd.Multiply(first, TSimd.Fill(WinogradPoints.InnerScale)));
        TVector innerOdd = TSimd.Multiply(second, TSimd.Fill(WinogradPoints.InnerScale * WinogradPoints.Inner));
        TVector outerEven = TSimd.MultiplyAdd(
            third, TSimd.Fill(WinogradPoints.OuterScale * WinogradPoints.OuterSquare), TSimd.Multiply(first, TSimd.Fill(WinogradPoints.OuterScale)));
        TVector outerOdd = TSimd.Multiply(second, TSimd.Fill(WinogradPoints.OuterScale * WinogradPoints.Outer));
        TSimd.Store(first, to);
        TSimd.Store(TSimd.Add(innerEven, innerOdd), to + pitch);
        TSimd.Store(TSimd.Subtract(innerEven, innerOdd), to + (2 * pitch));
        TSimd.Store(TSimd.Add(outerEven, outerOdd), to + (3 * pitch));
        TSimd.Store(TSimd.Subtract(outerEven, outerOdd), to + (4 * pitch));
        TSimd.Store(third, to + (5 * pitch));
    }
}
