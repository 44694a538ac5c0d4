using TensorCell.Kernels;
using TensorCell.Kernels.Tests.Ptx;

namespace TensorCell.Tensors.Tests;

/// <summary>Tensors on a CUDA device, which is the PTX interpreter in place of the driver.</summary>
[Collection(nameof(InterpretedCuda))]
public sealed class CudaTests
{
    [Theory]
    [InlineData(DType.Bool)]
    [InlineData(DType.UInt8)]
    [InlineData(DType.Int8)]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void ElementsGoThereAndBack(DType dtype)
    {
        using var cuda = new InterpretedCuda();
        Tensor x = Tensor.Arange(-6, 18).Reshape(Shape.Of(4, 6)).To(dtype);
        foreach (Tensor view in (Tensor[])[x, x.Transpose(), x[1..3, 1..^1], x.To(DType.Float32).Sum(0).To(dtype), x[2].BroadcastTo(Shape.Of(3, 6))])
        {
            Tensor there = view.To("cuda:0");
            Assert.Equal(("cuda:0", view.Shape, dtype), (there.Device.Name, there.Shape, there.DType));
            Tensor back = there.To("cpu");
            Assert.Same(Device.Cpu, back.Device);
            Assert.Equal(view.ToString(), back.ToString());
            Assert.Equal(view.ToString(), there.ToString());
            Assert.Equal(view.ToString(), there.Transpose().To(Device.Cpu).Transpose().ToString());
        }

        Assert.Same(x, x.To("cpu"));
        Assert.True(x.To("cuda:0").Realize() is { } same && ReferenceEquals(same, same.To("cuda:0")));
    }

    [Fact]
    public void TypesConvertAlike()
    {
        using var cuda = new InterpretedCuda();
        float[] numbers = [-300.5f, -129, -1.5f, -0f, 0, 0.49f, 1, 127.9f, 128, 255, 256, 1e10f, float.NaN, float.PositiveInfinity, 3.14159f];
        foreach (DType from in Enum.GetValues<DType>())
        {
            Tensor source = Tensor.From(numbers).To(from).Realize();
            foreach (DType to in Enum.GetValues<DType>())
            {
                Assert.Equal($"{from} {to} {source.To(to)}", $"{from} {to} {source.To("cuda:0").To(to)}");
            }
        }
    }

    [Fact]
    public void FusedGroupsRunThere()
    {
        using var cuda = new InterpretedCuda();
        Tensor x = Tensor.Linspace(-2, 2, 120).Reshape(Shape.Of(4, 5, 6));
        Tensor row = Tensor.Linspace(1, 2, 6);
        Tensor There(Tensor a, Tensor b) => (((a * b) + 1) / 3).Tanh() + Tensor.Where(a > 0, a.Exp(), b.BroadcastTo(a.Shape));
        Tensor wanted = There(x, row);
        Tensor got = There(x.To("cuda:0"), row.To("cuda:0"));
        int before = cuda.Driver.Launches;
        got.Realize();
        Assert.Equal(1, cuda.Driver.Launches - before);
        Assert.Equal(wanted.ToArray<float>(), got.ToArray<float>());
        Assert.Equal((double)wanted[1, 2, 3], (double)got[1, 2, 3]);
    }

    [Fact]
    public void ReductionsRunThere()
    {
        using var cuda = new InterpretedCuda();
        Tensor x = (Tensor.Arange(0, 600) % 37).Reshape(Shape.Of(10, 60)) - 17;
        Tensor there = x.To("cuda:0");
        foreach (Func<Tensor, Tensor> reduce in (Func<Tensor, Tensor>[])
            [t => t.Sum(), t => t.Sum(0), t => (t * 2).Sum(1), t => t.Mean(), t => t.Max(1), t => t.Min(0), t => t.ArgMax(1), t => t.Softmax(1).Sum()])
        {
            Tensor result = reduce(there);
            Assert.Equal("cuda:0", result.Device.Name);
            Assert.Equal(reduce(x).ToString(), result.ToString());
        }
    }

    [Fact]
    public void GradientsFlowThereAndBack()
    {
        using var cuda = new InterpretedCuda();
        Tensor Loss(Tensor x, Device device)
        {
            Tensor y = x.To(device);
            return ((y * y * 3).Mean() + (y.Sigmoid() * 2).Sum()).To("cpu");
        }

        Tensor here = Tensor.Linspace(-1, 1, 10);
        here.RequiresGrad = true;
        Loss(here, Device.Cpu).Backward();
        Tensor also = Tensor.Linspace(-1, 1, 10);
        also.RequiresGrad = true;
        Loss(also, cuda.Device).Backward();
        Assert.Same(Device.Cpu, also.Grad!.Device);
        Assert.Equal(here.Grad!.ToString(), also.Grad.ToString());
    }

    [Fact]
    public void KernelsRunWhereTheirTensorsAre()
    {
        using var cuda = new InterpretedCuda();
        Tensor x = Tensor.Linspace(1, 9, 9);
        Tensor there = x.To("cuda:0");
        ElementwiseKernel fused = Kernel.Elementwise((float a) => (a * a) + 1);
        ElementwiseKernel looped = Kernel.Elementwise(static (float a) =>
        {
            float sum = 0;
            for (int i = 0; i < (int)a; i++)
            {
                sum += i * a;
            }

            return sum;
        });
        Assert.Equal("cuda:0", looped.Apply(there).Device.Name);
        Assert.Equal(fused.Apply(x).ToString(), fused.Apply(there).ToString());
        Assert.Equal(looped.Apply(x).ToString(), looped.Apply(there).ToString());
        GridKernel blur = GridKernel.Compile(Blur);
        Tensor target = Tensor.Zeros(Shape.Of(9)).To("cuda:0");
        blur.Launch(9, there, target, 0.5f);
        Tensor wanted = Tensor.Zeros(Shape.Of(9)).Realize();
        blur.Launch(9, x, wanted, 0.5f);
        Assert.Equal(wanted.ToString(), target.ToString());
    }

    [Fact]
    public void ErrorsOfKernelsComeBack()
    {
        using var cuda = new InterpretedCuda();
        GridKernel beyond = GridKernel.Compile((int i, View<float> output) => output[i + 5] = i);
        Tensor target = Tensor.Zeros(Shape.Of(9)).To("cuda:0");
        IndexOutOfRangeException error = Assert.Throws<IndexOutOfRangeException>(() => beyond.Launch(9, target));
        Assert.Contains("output: index", error.Message, StringComparison.Ordinal);
        Assert.Equal(0f, target[4].Item<float>());
        Assert.Equal(2f, target[7].Item<float>());
    }

    [Fact]
    public void DevicesDoNotMix()
    {
        using var cuda = new InterpretedCuda(devices: 2);
        Tensor x = Tensor.Linspace(0, 1, 4);
        ArgumentException error = Assert.Throws<ArgumentException>(() => x.To("cuda:0") + x);
        Assert.Equal("add: its tensors are on cuda:0 and cpu; move them to one device, as with .To(\"cuda:0\")", error.Message);
        Assert.Throws<ArgumentException>(() => x.To("cuda:0") * x.To("cuda:1"));
        error = Assert.Throws<ArgumentException>(() => GridKernel.Compile(Blur).Launch(4, x.To("cuda:0"), new float[4], 1f));
        Assert.Contains("input is on cuda:0 and output on cpu", error.Message, StringComparison.Ordinal);
        Assert.Equal(x.ToString(), x.To("cuda:0").To("cuda:1").ToString());
    }

    [Fact]
    public void OtherOperationsSayWhereTheyRun()
    {
        using var cuda = new InterpretedCuda();
        Tensor x = Tensor.Ones(Shape.Of(3, 3)).To("cuda:0");
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => x.MatMul(x));
        Assert.Equal("matmul: runs on the CPU, and its tensor is on cuda:0; move it to the CPU first with .To(\"cpu\")", error.Message);
        Assert.Throws<NotSupportedException>(() => Tensor.Concat(0, x, x));
        error = Assert.Throws<NotSupportedException>(() => x.AsSpan<float>().Length);
        Assert.Contains("on cuda:0, where the host cannot reach them", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WritingInPlaceStaysThere()
    {
        using var cuda = new InterpretedCuda();
        Tensor x = Tensor.Arange(0, 12).Reshape(Shape.Of(3, 4)).To("cuda:0").Realize();
        Tensor doubled = x * 2;
        x[1] = Tensor.Full(Shape.Of(4), 7);
        x[.., 0..1] = Tensor.Linspace(1, 3, 3).Reshape(Shape.Of(3, 1));
        Assert.Equal("cuda:0", x.Device.Name);
        Assert.Equal("[[ 1.  1.  2.  3.]\n [ 2.  7.  7.  7.]\n [ 3.  9. 10. 11.]]", x.ToString());
        Assert.Equal(132, (double)doubled.Sum());
    }

    [Fact]
    public void MemoryGoesBack()
    {
        using var cuda = new InterpretedCuda();
        using (Tensor.Scope())
        {
            for (int i = 0; i < 100; i++)
            {
                using Tensor x = Tensor.Ones(Shape.Of(50_000)).To("cuda:0").Realize();
            }
        }

        Assert.InRange(cuda.Driver.BytesInUse, 1, 1 << 20);
        Assert.Equal(0, cuda.Device.Pool.BytesInUse);
    }

    private static void Blur(int i, View<float> input, View<float> output, float weight)
    {
        float sum = input[i];
        if (i > 0)
        {
            sum += weight * input[i - 1];
        }

        if (i < input.Length - 1)
        {
            sum += weight * input[i + 1];
        }

        output[i] = sum;
    }
}
