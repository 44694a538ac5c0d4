using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>CUDA devices, with the interpreter in place of the driver.</summary>
[Collection(nameof(InterpretedCuda))]
public sealed unsafe class CudaDeviceTests
{
    [Fact]
    public void WithoutADriverThereIsTheProcessorAlone()
    {
        Assert.SkipWhen(NativeLibrary.TryLoad("libcuda.so.1", out _), "this machine has an NVIDIA driver");
        Assert.Equal([Device.Cpu], Device.All);
        var error = Assert.Throws<ArgumentException>(() => Device.Find("cuda:0"));
        Assert.Contains("no NVIDIA driver was found (looked for ", error.Message, StringComparison.Ordinal);
        Assert.Contains("this machine has cpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DevicesAreFoundByName()
    {
        using var cuda = new InterpretedCuda(devices: 2);
        Assert.Equal(["cpu", "cuda:0", "cuda:1"], Device.All.Select(device => device.Name));
        var device = Device.Find("CUDA:1");
        Assert.Equal("Interpreter 1 (compute capability 7.0)", device.Description);
        Assert.Equal(DeviceKind.Cuda, device.Kind);
        Assert.Equal(8 << 20, device.MemoryBytes);
        var error = Assert.Throws<ArgumentException>(() => Device.Find("cuda:2"));
        Assert.Contains("this machine has cpu, cuda:0, cuda:1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LimitsAreMeasuredByItsOwnKernels()
    {
        using var cuda = new InterpretedCuda(memoryBytes: 1 << 18);
        var limits = cuda.Device.Limits;
        Assert.True(limits.FlopsFloat32 > 0 && limits.FlopsFloat64 > 0 && limits.CopyBytesPerSecond > 0 && limits.ReadBytesPerSecond > 0);
        Assert.Equal(4 << 20, limits.CacheBytes(2));
    }

    [Fact]
    public void MemoryIsReusedAndItsExhaustionIsAnError()
    {
        using var cuda = new InterpretedCuda(memoryBytes: 1 << 20);
        var pool = cuda.Device.Pool;
        var first = pool.Rent(100_000);
        var address = first.Address;
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Address);
        using (var second = pool.Rent(99_990))
        {
            Assert.Equal(address, second.Address);
        }

        using (pool.Rent(600_000))
        {
            var error = Assert.Throws<InsufficientMemoryException>(() => pool.Rent(600_000));
            Assert.Contains("cuda:0: 585.9 KiB asked while", error.Message, StringComparison.Ordinal);
        }

        pool.Rent(600_000).Dispose();
        pool.Trim();
        Assert.Equal(0, cuda.Driver.BytesInUse);
        Assert.Equal(0, pool.BytesInUse);
    }

    [Fact]
    public void ADeviceThatOthersFilledIsOpenedOnceTheyLeave()
    {
        using var cuda = new InterpretedCuda();
        cuda.Driver.IsFull = true;
        Assert.Throws<CudaException>(() => cuda.Device.Pool.Rent(100));
        cuda.Driver.IsFull = false;
        using var buffer = cuda.Device.Pool.Rent(100);
        Assert.Equal(100, buffer.ByteLength);
    }

    [Fact]
    public void ModulesThatTheDriverRefusesAreErrorsWithItsLog()
    {
        using var cuda = new InterpretedCuda();
        var error = Assert.Throws<CudaException>(() => cuda.Driver.LoadModule(".version 6.0\n.target sm_70\n.address_size 64\n.oops"));
        Assert.Contains("cuModuleLoadDataEx failed: PTX, line 4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ElementwiseFunctionsAgreeWithTheProcessor(int seed)
    {
        using var cuda = new InterpretedCuda();
        using var settings = new EngineSettings(VectorWidth.Bits, contraction: false);
        var random = new Random(seed);
        var generator = new Simd.ExpressionGenerator(random);
        for (var trial = 0; trial < 40; trial++)
        {
            var function = generator.Next(random.Next(1, 20));
            long[] shape = [.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => (long)random.Next(1, 6))];
            var wanted = new DeviceArrays(random.Next(), generator, function, shape);
            Scalar[] uniforms = [.. function.Uniforms.Select(generator.Value)];
            using var device = wanted.On(cuda.Device);
            Elementwise.Run(function, shape, wanted.Inputs, wanted.Outputs, uniforms);
            CudaElementwise.Run(cuda.Device, function, shape, device.Inputs, device.Outputs, uniforms);
            var got = device.Back();
            Assert.True(wanted.Agrees(got), $"seed {seed}, trial {trial}: [{string.Join(", ", shape)}]\n{function}");
        }
    }

    [Fact]
    public void WholeArraysNeedNoWaiting()
    {
        using var cuda = new InterpretedCuda();
        using var source = cuda.Device.Pool.Rent(4000);
        using var target = cuda.Device.Pool.Rent(4000);
        cuda.Device.Driver.Clear(source.Address, 4000, 1);
        var (x, waits) = (Node.Parameter(0, DType.Float32), cuda.Driver.Waits);
        var function = KernelFunction.Create("square", [DType.Float32], [], Node.Binary(BinaryOperation.Multiply, x, x));
        for (var i = 0; i < 3; i++)
        {
            CudaElementwise.Run(
                cuda.Device, function, [10, 20, 5], [new(source.Address, DType.Float32, [400, 20, 4])], [new(target.Address, DType.Float32, [400, 20, 4])], []);
        }

        Assert.Equal((waits, 3, 1), (cuda.Driver.Waits, cuda.Driver.Launches, cuda.Device.Modules.Count));
    }

    [Theory]
    [InlineData(ReduceOperation.Sum)]
    [InlineData(ReduceOperation.Mean)]
    [InlineData(ReduceOperation.Max)]
    [InlineData(ReduceOperation.Min)]
    [InlineData(ReduceOperation.ArgMax)]
    [InlineData(ReduceOperation.ArgMin)]
    public void ReductionsAgreeWithTheProcessor(ReduceOperation operation)
    {
        using var cuda = new InterpretedCuda();
        var random = new Random((int)operation);
        (long[] Shape, int[] Reduced)[] cases =
        [
            ([5000], [0]), ([3, 700], [1]), ([700, 3], [0]), ([40, 6, 5], [0, 2]), ([2, 3, 4, 5, 3], [1, 3]), ([7], []), ([1, 5], [0]), ([40_000], [0]),
            ([4, 9000], [1]),
        ];
        foreach (var (shape, reduced) in cases)
        {
            foreach (var type in (DType[])[DType.Float32, DType.Float64, DType.Int32, DType.Int64])
            {
                if (operation == ReduceOperation.Mean && !type.IsFloatingPoint)
                {
                    continue;
                }

                var x = Node.Parameter(0, type);
                var map = KernelFunction.Create("map", [type], [], Node.Binary(BinaryOperation.Multiply, x, Node.Constant(type, -2)));
                Check(cuda.Device, map, operation, shape, reduced, random);
            }
        }
    }

    [Fact]
    public void DivisionByZeroIsAnError()
    {
        using var cuda = new InterpretedCuda();
        using var source = cuda.Device.Pool.Rent(400);
        cuda.Device.Driver.Clear(source.Address, 400, 1);
        var x = Node.Parameter(0, DType.Int32);
        var divide = KernelFunction.Create("divide", [DType.Int32], [], Node.Binary(BinaryOperation.Divide, Node.Constant(1), x));
        Operand operand = new(source.Address, DType.Int32, [4]);
        Assert.Throws<DivideByZeroException>(() => CudaElementwise.Run(cuda.Device, divide, [100], [operand], [operand], []));
        Assert.Throws<DivideByZeroException>(
            () => CudaReduction.Run(cuda.Device, divide, ReduceOperation.Sum, [100], [0], [operand], operand with { ByteStrides = [0] }, []));
    }

    [Fact]
    public void KernelsThatReturnValuesAreMappedReducedAndScanned()
    {
        using var cuda = new InterpretedCuda();
        float[] values = [.. Enumerable.Range(0, 60).Select(i => (i * 7 % 23) - 11f)];
        using var buffer = cuda.Device.Pool.Rent(values.Length * sizeof(float));
        fixed (float* first = values)
        {
            cuda.Device.CopyFrom(buffer, 0, (nint)first, buffer.ByteLength);
        }

        var there = new KernelArgument(new(buffer, buffer.Address), StorageType.Float32, [6, 10], [10, 1]);
        var kernel = GridKernel.Compile((Index2 at, View2<float> input) => input[at.Y, at.X] * 2);
        var here = new float[6, 10];
        Buffer.BlockCopy(values, 0, here, 0, Buffer.ByteLength(values));
        Assert.Equal(kernel.Map<float>((6, 10), here), kernel.Map<float>((6, 10), there));
        foreach (var operation in (ReduceOperation[])[ReduceOperation.Sum, ReduceOperation.Mean, ReduceOperation.Max, ReduceOperation.Min])
        {
            Assert.Equal(kernel.Reduce<float>((6, 10), operation, here), kernel.Reduce<float>((6, 10), operation, there));
        }

        Assert.Equal(kernel.Reduce<long>((6, 10), ReduceOperation.ArgMax, here), kernel.Reduce<long>((6, 10), ReduceOperation.ArgMax, there));
        var line = new KernelArgument(new(buffer, buffer.Address), StorageType.Float32, [60], [1]);
        var whole = GridKernel.Compile((int i, View<float> input) => (int)input[i]);
        Assert.Equal(whole.Scan<int>(60, ScanOperation.Add, false, values), whole.Scan<int>(60, ScanOperation.Add, false, line));
        kernel.Launch((6, 10), there);
    }

    private static void Check(CudaDevice device, KernelFunction map, ReduceOperation operation, long[] shape, int[] reduced, Random random)
    {
        var type = map.Parameters[0];
        var generator = new Simd.ExpressionGenerator(random);
        var result = operation is ReduceOperation.ArgMax or ReduceOperation.ArgMin ? DType.Int64 : type;
        long[] outShape = [.. shape.Select((length, d) => reduced.Contains(d) ? 1 : length)];
        var arrays = new DeviceArrays(random.Next(), generator, [type], shape, [result], outShape);
        using var copies = arrays.On(device);
        Reduction.Run(map, operation, shape, reduced, arrays.Inputs, arrays.Outputs[0], []);
        CudaReduction.Run(device, map, operation, shape, reduced, copies.Inputs, copies.Outputs[0], []);
        var isSum = operation is ReduceOperation.Sum or ReduceOperation.Mean;
        Assert.True(
            arrays.Agrees(copies.Back(), isSum && type.IsFloatingPoint ? 1e-5 : 0), $"{operation} of {type} [{string.Join(", ", shape)}] over {string.Join(", ", reduced)}");
    }
}
