using TensorCell.Kernels;

namespace TensorCell.Tensors;

// Activations that are composed of other functions, and derived with them.
public sealed partial class Tensor
{
    /// <summary>max(x, 0), at most 6. The gradient at 0 and at 6 is 0.</summary>
    public Tensor Relu6() => Held(0, 6, isFlatAtBound: true);

    /// <summary>x where positive, else α (eˣ - 1) (Clevert et al. 2015).</summary>
    public Tensor Elu(double alpha = 1) => Where(this > 0, this, Where(this > 0, 0, this).ExpM1() * alpha);

    /// <summary>The self-normalising scaled ELU (Klambauer et al. 2017).</summary>
    public Tensor Selu() => InComputedType(x => x.Elu(1.6732632423543772) * 1.0507009873554805);

    /// <summary>x where positive, else α (e^(x/α) - 1) (Barron 2017).</summary>
    public Tensor Celu(double alpha = 1) => Where(this > 0, this, (Where(this > 0, 0, this) / alpha).ExpM1() * alpha);

    /// <summary>x · Φ(x) by the approximation through tanh (Hendrycks and Gimpel 2016).</summary>
    public Tensor GeluTanh() =>
        InComputedType(x => x * 0.5 * (1 + (Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))).Tanh()));

    /// <summary>A function of a half in the type that halves are computed in, which holds the function's constants more exactly.</summary>
    private Tensor InComputedType(Func<Tensor, Tensor> function) =>
        DType.IsFloatingPoint && DType.Computed != DType ? function(To(DType.Computed)).To(DType) : function(this);

    /// <summary>x · tanh(ln(1 + eˣ)) (Misra 2019).</summary>
    public Tensor Mish() => this * Softplus().Tanh();

    /// <summary>ln of the sigmoid, without underflow.</summary>
    public Tensor LogSigmoid() => DType.IsFloatingPoint ? -(-this).Softplus() : To(DType.Float64).LogSigmoid();

    /// <summary>x / (1 + |x|).</summary>
    public Tensor Softsign() => DType.IsFloatingPoint ? this / (1 + Abs()) : To(DType.Float64).Softsign();

    /// <summary>x held between two bounds. The gradient at a bound is 0; see <see cref="Clamp"/> for one that passes.</summary>
    public Tensor HardTanh(double minimum = -1, double maximum = 1) => Held(minimum, maximum, isFlatAtBound: true);

    /// <summary>x/6 + 1/2, held between 0 and 1.</summary>
    public Tensor HardSigmoid() => ((this / 6) + 0.5).Held(0, 1, isFlatAtBound: true);

    /// <summary>x times its hard sigmoid (Howard et al. 2019).</summary>
    public Tensor HardSwish() => this * ((this / 6) + 0.5).Clamp(0, 1);
}
