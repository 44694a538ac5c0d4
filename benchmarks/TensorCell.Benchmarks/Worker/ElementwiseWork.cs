using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>The cases of the suite <c>elementwise</c>.</summary>
public static class ElementwiseWork
{
    private const int ChainSteps = 25; // of four operations each

    /// <summary>Makes the inputs of a case; the function computes its result.</summary>
    public static Func<Tensor> Create(string name, string[] words)
    {
        Shape shape = Shape.Of(Sizes.Of(words));
        Tensor Signed(DType dtype = DType.Float32) => TensorInputs.Uniform(shape, 8, -4, dtype: dtype);
        switch (name)
        {
            case "chain":
                var x = Signed();
                return () => (((x * 1.25f) + 0.5f).Tanh() * 0.75f) + x.Relu();
            case "square":
                var s = Signed(DType.Float64);
                return () => (s * s) + 1;
            case "relu":
                var r = Signed();
                return () => r * (r > 0);
            case "add":
                Tensor a = TensorInputs.Uniform(shape), b = TensorInputs.Uniform(shape, input: 1);
                return () => a + b;
            case "small":
                var small = Signed();
                return () => Small(small);
            case "int32":
                Tensor i = TensorInputs.Whole(shape, 16001, -8000, 0, DType.Int32), j = TensorInputs.Whole(shape, 16001, -8000, 1, DType.Int32);
                return () => (i * 3) + j;
            case "uint8":
                Tensor u = TensorInputs.Whole(shape, 251, 0, 0, DType.UInt8), v = TensorInputs.Whole(shape, 251, 0, 1, DType.UInt8);
                return () => (u * 3) + v;
            case "float16":
                var half = Signed(DType.Float16);
                return () => (half * 1.25f) + 0.5f;
            default:
                throw Sizes.Unknown(name);
        }
    }

    private static Tensor Small(Tensor value)
    {
        for (var step = 0; step < ChainSteps; step++)
        {
            value = (((value * 1.0625f) + 0.5f) / 1.125f) - 0.25f;
        }

        return value;
    }
}
