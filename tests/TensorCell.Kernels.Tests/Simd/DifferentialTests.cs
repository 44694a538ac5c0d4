using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Random kernels, compiled at every width, against the scalar evaluator, bit for bit.</summary>
[Collection(nameof(EngineSettings))]
public sealed unsafe class DifferentialTests
{
    /// <summary>Bytes behind each array that must stay as they are.</summary>
    private const int Margin = 256;

    private const byte Untouched = 0xA5;

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void CompiledCodeAgreesWithTheEvaluator(int bits)
    {
        var random = new Random(bits);
        var generator = new ExpressionGenerator(random);
        using var settings = new EngineSettings(bits, contraction: false);
        for (var trial = 0; trial < 150; trial++)
        {
            var function = generator.Next(random.Next(1, 30));
            Check(generator, function, Shape(random), random, $"trial {trial} at {bits} bits");
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void EveryLengthUpToSeveralStepsAgrees(int bits)
    {
        var random = new Random(bits + 1);
        var generator = new ExpressionGenerator(random);
        using var settings = new EngineSettings(bits, contraction: false);
        for (var kernel = 0; kernel < 4; kernel++)
        {
            var function = generator.Next(8);
            for (var length = 0; length <= 200; length++)
            {
                Check(generator, function, [length], random, $"length {length} at {bits} bits");
            }
        }
    }

    [Fact]
    public void ThreadsAgree()
    {
        var random = new Random(11);
        var generator = new ExpressionGenerator(random);
        for (var threads = 1; threads <= 4; threads++)
        {
            using var settings = new EngineSettings(VectorWidth.Bits, contraction: false, threads);
            Check(generator, generator.Next(20), [70_001], random, $"{threads} threads");
            Check(generator, generator.Next(20), [91, 613], random, $"{threads} threads");
        }
    }

    [Fact]
    public void ContractionChangesRoundingOnly()
    {
        var (x, y, z) = (Node.Parameter(0, DType.Float64), Node.Parameter(1, DType.Float64), Node.Parameter(2, DType.Float64));
        Node[] results =
        [
            Node.Binary(BinaryOperation.Add, Node.Binary(BinaryOperation.Multiply, x, y), z),
            Node.Binary(BinaryOperation.Subtract, z, Node.Binary(BinaryOperation.Multiply, x, y)),
        ];
        Node[] contracted = [.. results.Select(result => Optimizer.Optimize([result], contraction: true)[0])];
        Assert.All(contracted, result => Assert.IsType<FusedMultiplyAddNode>(result));
        Scalar[] values = [0.1, 10.0, -1.0];
        Assert.Equal(Math.FusedMultiplyAdd(0.1, 10, -1), ScalarEvaluator.Evaluate(contracted, values, [])[0].AsDouble);
        Assert.Equal(Math.FusedMultiplyAdd(-0.1, 10, -1), ScalarEvaluator.Evaluate(contracted, values, [])[1].AsDouble);
    }

    [Fact]
    public void InPlaceAndBackwardsAgree()
    {
        var values = Enumerable.Range(0, 1000).Select(i => (double)i).ToArray();
        var x = Node.Parameter(0, DType.Float64);
        var square = KernelFunction.Create("square", [DType.Float64], [], Node.Binary(BinaryOperation.Multiply, x, x));
        var reversed = new double[1000];
        fixed (double* source = values, target = reversed)
        {
            Elementwise.Run(square, [1000], [new((nint)(source + 999), DType.Float64, [-8])], [Launch.Contiguous(target)], []);
            Elementwise.Run(square, [1000], [Launch.Contiguous(source)], [Launch.Contiguous(source)], []);
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (double)i * i), values);
        Assert.Equal(values.Reverse(), reversed);
    }

    [Fact]
    public void IntegerDivisionByZeroIsAnError()
    {
        var x = Node.Parameter(0, DType.Int32);
        var function = KernelFunction.Create("divide", [DType.Int32], [], Node.Binary(BinaryOperation.Divide, Node.Constant(1), x));
        Assert.Throws<DivideByZeroException>(() => Launch.Map<int, int>(function, [1, 2, 0, 3]));
        Assert.Equal([1, 0, -1], Launch.Map<int, int>(function, [1, 2, -1]));
    }

    private static long[] Shape(Random random) => random.Next(5) switch
    {
        0 => [],
        1 => [random.Next(0, 500)],
        2 => [random.Next(1, 20), random.Next(1, 40)],
        3 => [random.Next(1, 5), random.Next(500, 700)],
        _ => [random.Next(1, 6), random.Next(1, 6), random.Next(1, 20)],
    };

    private static void Check(ExpressionGenerator generator, KernelFunction function, long[] shape, Random random, string context)
    {
        var count = shape.Aggregate(1L, (product, length) => product * length);
        var memory = new List<(nint Address, int Bytes)>();
        try
        {
            Operand[] inputs = [.. function.Parameters.Select(type => Input(generator, type, shape, random, memory))];
            Operand[] outputs = [.. function.Results.Select(result => Array(result.Type, shape, random, isOutput: true, memory))];
            Scalar[] uniforms = [.. function.Uniforms.Select(generator.Value)];
            Elementwise.Run(function, shape, inputs, outputs, uniforms);
            Assert.All(memory, array => Assert.False(
                new Span<byte>((byte*)array.Address + array.Bytes, Margin).ContainsAnyExcept(Untouched), $"{context}: written beyond an array\n{function}"));
            for (long flat = 0; flat < count; flat++)
            {
                Scalar[] parameters = [.. inputs.Select(input => Read(At(input, shape, flat), input.Type))];
                var wanted = ScalarEvaluator.Evaluate(function.Results, parameters, uniforms);
                for (var i = 0; i < outputs.Length; i++)
                {
                    var got = Read(At(outputs[i], shape, flat), outputs[i].Type);
                    Assert.True(
                        Same(got, wanted[i]),
                        $"{context}: result {i} at {flat} of [{string.Join(", ", shape)}] is {got}, not {wanted[i]}, from {string.Join(", ", parameters)}; {string.Join(", ", uniforms)}\n{function}");
                }
            }
        }
        finally
        {
            memory.ForEach(array => NativeMemory.Free((void*)array.Address));
        }
    }

    private static Operand Input(ExpressionGenerator generator, DType type, long[] shape, Random random, List<(nint Address, int Bytes)> memory)
    {
        var operand = Array(type, shape, random, isOutput: false, memory);
        var count = shape.Aggregate(1L, (product, length) => product * length);
        for (long flat = 0; flat < count; flat++)
        {
            Write(At(operand, shape, flat), generator.Value(type));
        }

        return operand;
    }

    /// <summary>An array with contiguous, transposed, spread or, for an input, broadcast dimensions.</summary>
    private static Operand Array(DType type, long[] shape, Random random, bool isOutput, List<(nint Address, int Bytes)> memory)
    {
        var strides = new long[shape.Length];
        var order = Enumerable.Range(0, shape.Length).Reverse().ToArray();
        if (random.Next(3) == 0)
        {
            random.Shuffle(order);
        }

        long size = type.Size * (random.Next(4) == 0 ? 2 : 1);
        foreach (var d in order)
        {
            strides[d] = !isOutput && random.Next(4) == 0 ? 0 : size;
            size *= strides[d] == 0 ? 1 : Math.Max(1, shape[d]);
        }

        var address = (nint)NativeMemory.Alloc((nuint)size + Margin);
        new Span<byte>((void*)address, (int)size).Clear();
        new Span<byte>((byte*)address + size, Margin).Fill(Untouched);
        memory.Add((address, (int)size));
        return new(address, type, strides);
    }

    private static bool Same(Scalar got, Scalar wanted) =>
        got == wanted || (got.Type.IsFloatingPoint && double.IsNaN(got.ToDouble()) && double.IsNaN(wanted.ToDouble()));

    private static byte* At(in Operand operand, long[] shape, long flat)
    {
        var address = (byte*)operand.Address;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            address += flat % shape[d] * operand.ByteStrides[d];
            flat /= shape[d];
        }

        return address;
    }

    private static Scalar Read(byte* address, DType type) => type switch
    {
        DType.Bool => (Scalar)(*address != 0),
        DType.Int32 => (Scalar)(*(int*)address),
        DType.Int64 => (Scalar)(*(long*)address),
        DType.Float32 => (Scalar)(*(float*)address),
        _ => (Scalar)(*(double*)address),
    };

    private static void Write(byte* address, Scalar value)
    {
        switch (value.Type.Size)
        {
            case 1:
                *address = (byte)value.Bits;
                break;
            case 4:
                *(int*)address = (int)value.Bits;
                break;
            default:
                *(long*)address = value.Bits;
                break;
        }
    }
}
