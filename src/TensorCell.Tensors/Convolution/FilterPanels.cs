using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>The weights of all filters, packed into panels: for each channel and tap, those of a tile's filters side by side.</summary>
/// <param name="product">Whose filters.</param>
/// <param name="panelWidth">Elements across each panel.</param>
/// <param name="target">Receives the panels.</param>
internal sealed unsafe class FilterPanels<T>(SlidingProduct product, int panelWidth, T* target)
    where T : unmanaged
{
    /// <summary>How many panels there are.</summary>
    public int Count => product.Groups * PerGroup;

    /// <summary>How many panels each group has.</summary>
    public int PerGroup { get; } = (product.Filters + panelWidth - 1) / panelWidth;

    /// <summary>How many elements a product's panels take.</summary>
    public static nint Length(SlidingProduct product, int panelWidth) =>
        product.Groups * BlockSizes.RoundUp(product.Filters, panelWidth) * product.Depth;

    /// <summary>The filters of a panel, which share them out evenly.</summary>
    public (int First, int Count) Filters(int panel)
    {
        int first = (int)((long)product.Filters * panel / PerGroup);
        return (first, (int)((long)product.Filters * (panel + 1) / PerGroup) - first);
    }

    /// <summary>A panel of a group.</summary>
    public T* Panel(int group, int panel) => target + (((group * (nint)PerGroup) + panel) * panelWidth * product.Depth);

    /// <summary>Packs one of the panels.</summary>
    public void Pack(int index)
    {
        (int group, int panel) = Math.DivRem(index, PerGroup);
        (int first, int count) = Filters(panel);
        FilterOperand weights = product.Weights;
        T* source = (T*)weights.Address + (group * weights.GroupStride) + (first * weights.FilterStride);
        Pack(product, source, weights.FilterStride, count, panelWidth, Panel(group, panel));
    }

    /// <summary>Packs some filters that lie a stride apart.</summary>
    public static void Pack(SlidingProduct product, T* source, nint stride, int count, int panelWidth, T* to)
    {
        if (IsInOrder(product))
        {
            Packing<T>.Pack(source, stride, 1, count, panelWidth, product.Depth, to, 0);
            return;
        }

        for (int channel = 0; channel < product.Channels; channel++)
        {
            foreach (Tap tap in product.Taps)
            {
                T* from = source + (channel * product.Weights.ChannelStride) + tap.Weight;
                for (int filter = 0; filter < count; filter++)
                {
                    to[filter] = from[filter * stride];
                }

                to += panelWidth;
            }
        }
    }

    /// <summary>Whether a filter's weights lie side by side in the order in which they are taken.</summary>
    private static bool IsInOrder(SlidingProduct product)
    {
        for (int tap = 0; tap < product.Taps.Length; tap++)
        {
            if (product.Taps[tap].Weight != tap)
            {
                return false;
            }
        }

        return product.Weights.ChannelStride == product.Taps.Length;
    }
}
