namespace TensorCell.Tensors;

// A method of an earlier cell has no delegate type of its own to a script's compiler: it converts to these, but not to a Delegate.
public static partial class Kernel
{
    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<float, float> function) => Elementwise((Delegate)function);

    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<float, float, float> function) => Elementwise((Delegate)function);

    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<float, float, float, float> function) => Elementwise((Delegate)function);

    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<float, float, float, float, float> function) => Elementwise((Delegate)function);

    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<double, double> function) => Elementwise((Delegate)function);

    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<double, double, double> function) => Elementwise((Delegate)function);

    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<double, double, double, double> function) => Elementwise((Delegate)function);

    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<double, double, double, double, double> function) => Elementwise((Delegate)function);

    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<int, int> function) => Elementwise((Delegate)function);

    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<int, int, int> function) => Elementwise((Delegate)function);

    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<int, int, int, int> function) => Elementwise((Delegate)function);

    /// <inheritdoc cref="Elementwise(Delegate)"/>
    public static ElementwiseKernel Elementwise(Func<int, int, int, int, int> function) => Elementwise((Delegate)function);
}
