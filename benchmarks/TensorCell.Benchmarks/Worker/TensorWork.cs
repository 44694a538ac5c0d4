using System.Globalization;
using TensorCell.Inference;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>A case of a suite as a user of TensorCell writes it.</summary>
public sealed class TensorWork : IWork
{
    private const int CheckStep = 9973;
    private readonly Func<Tensor> compute;

    private TensorWork(Func<Tensor> compute) => this.compute = compute;

    /// <summary>Makes the inputs of a case.</summary>
    /// <param name="arguments">Such as <c>chain 16000000</c> or <c>matmul float32 1024</c>.</param>
    public static TensorWork Create(string[] arguments)
    {
        int Size(int index) => int.Parse(arguments[index], CultureInfo.InvariantCulture);
        switch (arguments[0])
        {
            case "chain":
                var x = Input(Size(1), DType.Float32, 8, -4);
                return new(() => ((x * 1.25f) + 0.5f).Tanh() * 0.75f + x.Relu());
            case "square":
                var s = Input(Size(1), DType.Float64, 8, -4);
                return new(() => (s * s) + 1);
            case "sum":
                var terms = Input(Size(1), DType.Float32, 1, 0);
                return new(terms.Sum);
            case "mean":
                var values = Input(Size(1), DType.Float32, 1, 0);
                return new(values.Mean);
            case "softmax":
                var rows = Input(Size(1) * Size(2), DType.Float32, 8, -4).Reshape((Size(1), Size(2))).Realize();
                return new(() => rows.Softmax());
            case "matmul":
                var dtype = arguments[1] == "float64" ? DType.Float64 : DType.Float32;
                var shape = (Size(2), Size(2));
                var a = Input(Size(2) * Size(2), dtype, 1, -0.5).Reshape(shape).Realize();
                var b = Input(Size(2) * Size(2), dtype, 1, -0.5, 104729).Reshape(shape).Realize();
                return new(() => a.MatMul(b));
            case "onnx":
                var model = OnnxModel.Load(arguments[1]);
                var batch = Input(Size(2) * Size(3), DType.Float32, 1, 0).Reshape((Size(2), Size(3))).Realize();
                return new(() => model.Run(batch));
            case "training":
                return new(TrainingWork.Create(arguments));
            default:
                throw new ArgumentException($"no case is called {arguments[0]}");
        }
    }

    /// <summary>Computes the result once, and lets it go.</summary>
    public void Run()
    {
        using var result = compute();
        result.Realize();
    }

    /// <summary>The sum of the magnitudes of some elements of the result.</summary>
    public double? Check()
    {
        using var result = compute();
        var elements = result.To(DType.Float64).Reshape(-1).ToArray<double>();
        var sum = 0.0;
        for (var i = 0; i < elements.Length; i += elements.Length > 1 ? CheckStep : 1)
        {
            sum += Math.Abs(elements[i]);
        }

        return sum;
    }

    private static Tensor Input(int count, DType dtype, double scale, double offset, long factor = 7919)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (i * factor % 16001 / 16000.0 * scale) + offset;
        }

        // In the engine's own memory, as results and what is read from files are; a user's array is used where it lies.
        return Tensor.From(values).To(dtype).Clone();
    }
}
