using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>The weights of all filters, packed for the panels of a <see cref="StraightPlan"/>: for each term those of the panel's filters, then their biases.</summary>
/// <param name="plan">Whose filters.</param>
/// <param name="width">Elements across each panel.</param>
/// <param name="target">Receives the panels.</param>
internal sealed unsafe class StraightPanels<TSimd, TVector, T>(StraightPlan plan, int width, T* target)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private readonly SlidingProduct product = plan.Product;

    /// <summary>How many panels there are.</summary>
    public int Count => product.Groups * plan.Panels.Length;

    /// <summary>How many elements the panels take.</summary>
    public static nint Length(StraightPlan plan, int width) => plan.Product.Groups * (nint)plan.Panels.Length * PanelLength(plan.Product, width);

    /// <summary>A panel of a group.</summary>
    public T* Panel(nint group, int panel) => target + (((group * plan.Panels.Length) + panel) * PanelLength(product, width));

    /// <summary>Packs one of the panels.</summary>
    public void Pack(int index)
    {
        (int group, int number) = Math.DivRem(index, plan.Panels.Length);
        FilterPanel panel = plan.Panels[number];
        FilterOperand weights = product.Weights;
        T* source = (T*)weights.Address + (group * weights.GroupStride) + (panel.First * weights.FilterStride);
        T* to = Panel(group, number);
        FilterPanels<T>.Pack(product, source, panel.Step * weights.FilterStride, panel.Count, width, to);

        // Adding negative zero changes nothing, not even the sign of a zero.
        T* nothing = stackalloc T[TSimd.Count];
        TSimd.Store(TSimd.Fill(-0.0), nothing);
        T* biases = to + (width * (nint)product.Depth);
        for (int filter = 0; filter < panel.Count; filter++)
        {
            int channel = (group * product.Filters) + panel.First + (filter * panel.Step);
            biases[filter] = product.Bias == 0 ? *nothing : ((T*)product.Bias)[channel];
        }
    }

    private static nint PanelLength(SlidingProduct product, int width) => width * (nint)(product.Depth + 1);
}
