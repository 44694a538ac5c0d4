using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests;

public sealed class DifferentiationTests
{
    public static TheoryData<UnaryOperation> UnaryOperations =>
        [.. Enum.GetValues<UnaryOperation>().Where(operation => operation is not (UnaryOperation.Not or UnaryOperation.PopCount or UnaryOperation.LeadingZeroCount
            or UnaryOperation.RoundToFloat16 or UnaryOperation.RoundToBFloat16))];

    public static TheoryData<BinaryOperation> BinaryOperations =>
    [
        BinaryOperation.Add, BinaryOperation.Subtract, BinaryOperation.Multiply, BinaryOperation.Divide, BinaryOperation.Remainder,
        BinaryOperation.Min, BinaryOperation.Max, BinaryOperation.Pow, BinaryOperation.Atan2, BinaryOperation.Hypot,
    ];

    [Theory]
    [MemberData(nameof(UnaryOperations))]
    public void OperationsOnOneValue(UnaryOperation operation)
    {
        Node x = Node.Parameter(0, DType.Float64);
        double[] points = operation == UnaryOperation.Acosh ? [1.2, 2.3, 5] : [0.15, 0.4, 0.85];
        foreach (double point in points)
        {
            AssertGradients(KernelFunction.Create("f", [DType.Float64], [], Node.Unary(operation, x)), point);
        }
    }

    [Theory]
    [MemberData(nameof(BinaryOperations))]
    public void OperationsOnTwoValues(BinaryOperation operation)
    {
        Node x = Node.Parameter(0, DType.Float64);
        Node y = Node.Parameter(1, DType.Float64);
        foreach (var (left, right) in new[] { (0.7, 1.9), (2.6, 1.1), (3.2, 0.6) })
        {
            AssertGradients(KernelFunction.Create("f", [DType.Float64, DType.Float64], [], Node.Binary(operation, x, y)), left, right);
        }
    }

    [Fact]
    public void MethodsOfCSharp()
    {
        double scale = 1.7;
        AssertGradients(KernelFunction.From((double x, double y) => x > y ? scale * x * x * y : Math.Sin(x) / (y + scale)), 0.3, 0.8);
        AssertGradients(KernelFunction.From((double x, double y) => x > y ? scale * x * x * y : Math.Sin(x) / (y + scale)), 0.9, 0.8);
        AssertGradients(KernelFunction.From((double x) => Math.FusedMultiplyAdd(x, x, Math.Tanh(x)) + (float)(x * 2) + (int)x), 0.75);
    }

    [Fact]
    public void WhatDoesNotDependHasNoGradient()
    {
        var function = KernelFunction.From((double x, double y) => Math.Floor(x) + y);
        Assert.Null(Differentiation.Of(KernelFunction.Create("f", [DType.Float64], [], Node.Constant(DType.Float64, 3)), 0));
        Assert.Null(Differentiation.Of(function, 0));
        Assert.NotNull(Differentiation.Of(function, 1));
    }

    [Fact]
    public void WhatIsMadeOfBitsIsRefused()
    {
        var function = KernelFunction.From((double x, double y) => Math.CopySign(x, y));
        var error = Assert.Throws<NotSupportedException>(() => Differentiation.Of(function, 0));
        Assert.Contains("give the derivative yourself", error.Message);
    }

    /// <summary>Compares every partial derivative at a point with a central difference.</summary>
    private static void AssertGradients(KernelFunction function, params double[] point)
    {
        for (int parameter = 0; parameter < point.Length; parameter++)
        {
            double step = 6e-6;
            double[] above = [.. point];
            double[] below = [.. point];
            above[parameter] += step;
            below[parameter] -= step;
            double expected = 3 * (Value(function, above) - Value(function, below)) / (2 * step);
            double found = Differentiation.Of(function, parameter) is { } gradient ? Value(gradient, [.. point, 3]) : 0;
            double tolerance = function.ToString().Contains("f32") ? 0.2 : 1e-7;
            Assert.True(
                Math.Abs(found - expected) <= tolerance * Math.Max(1, Math.Abs(expected)),
                $"by parameter {parameter} at ({string.Join(", ", point)}): {found}, by differences {expected}\n{function}");
        }
    }

    private static unsafe double Value(KernelFunction function, double[] arguments)
    {
        // A gradient's captured variables have become plain uniforms.
        Scalar[] uniforms = function.Captures.IsEmpty ? [.. function.Uniforms.Select(_ => (Scalar)1.7)] : [];
        double result = 0;
        fixed (double* first = arguments)
        {
            nint address = (nint)first;
            Operand[] inputs = [.. arguments.Select((_, index) => new Operand(address + (index * sizeof(double)), DType.Float64, [sizeof(double)]))];
            Elementwise.Run(function, [1], inputs, [Launch.Contiguous(&result)], uniforms);
        }

        return result;
    }
}
