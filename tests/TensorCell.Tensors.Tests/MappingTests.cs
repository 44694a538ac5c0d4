using System.Runtime.CompilerServices;
using System.Text;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Tensors whose memory is a file that is only read.</summary>
public sealed class MappingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tensorcell-").FullName;

    private string FilePath => Path.Combine(folder, "x");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void MappedTensorsAreThoseThatAreLoaded()
    {
        Samples samples = new(4);
        Dictionary<string, Tensor> saved = [];
        foreach (DType type in Enum.GetValues<DType>())
        {
            saved[type.Name] = samples.Tensor([3, 5], type, 0, type == DType.Bool ? 1 : 100).Tensor;
            saved[$"empty {type.Name}"] = Tensor.Zeros((0, 3), type);
        }

        SafeTensors.Save(FilePath, saved);
        IReadOnlyDictionary<string, Tensor> mapped = SafeTensors.Map(FilePath);
        Assert.Equal(saved.Keys.Order(), mapped.Keys.Order());
        foreach ((string name, Tensor tensor) in saved)
        {
            Assert.Equal((tensor.DType, tensor.Shape), (mapped[name].DType, mapped[name].Shape));
            Assert.Equal(tensor.To(DType.Float64).ToArray<double>(), mapped[name].To(DType.Float64).ToArray<double>());
            Assert.Equal(tensor.Count > 0 && tensor.DType != DType.Bool, mapped[name].Storage is MappedStorage);
        }

        Assert.Equal(["f32"], SafeTensors.Map(FilePath, name => name == "f32").Keys);
    }

    [Fact]
    public void TheTensorsKeepTheFileWhenItsNameIsGone()
    {
        Npy.Save(FilePath, Tensor.Arange(100_000));
        Tensor x = Npy.Map(FilePath);
        Npy.Save(FilePath, Tensor.Zeros(1));
        File.Delete(FilePath);
        Assert.Equal(99_999, x[^1].ToDouble());
    }

    [Fact]
    public void WritingInPlaceCopiesPagesAndLeavesTheFile()
    {
        Npy.Save(FilePath, Tensor.Arange(100_000));
        byte[] before = File.ReadAllBytes(FilePath);
        Tensor x = Npy.Map(FilePath);
        Tensor other = Npy.Map(FilePath);
        Tensor pending = x + 1;
        x[5..10] = -1;
        x.AsWritableSpan<float>()[99_999] = -2;
        x[20..30].Fill(-3);
        GridKernel.Compile((int i, View<float> to) => to[i] = -4).Launch(3, x);
        Assert.Equal([-4f, -4, -4, 3, 4, -1, -1], x[..7].ToArray<float>());
        Assert.Equal([-3f, 30], x[29..31].ToArray<float>());
        Assert.Equal(-2, x[^1].ToDouble());
        Assert.Equal(100_000, pending[^1].ToDouble());
        Assert.Equal(99_999, other[^1].ToDouble());
        x.Assign(x * 2);
        Assert.Equal(-4, x[^1].ToDouble());
        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.Contains("no file that it shares", Assert.Throws<InvalidOperationException>(() => x.Flush()).Message);
    }

    [Fact]
    public void AMatrixInFortransOrderIsAViewOfTheFile()
    {
        Npy.Save(FilePath, Tensor.Arange(6).Reshape(2, 3).T);
        Tensor x = Npy.Map(FilePath);
        Assert.IsType<MappedStorage>(x.Storage);
        Assert.Equal([1, 3], x.Strides.ToArray());
        Assert.Equal([0f, 3, 1, 4, 2, 5], x.ToArray<float>());
        Assert.Equal([5f, 14], x.T.MatMul(Tensor.From([0f, 1, 2])).ToArray<float>());
    }

    [Fact]
    public void WhatCannotBeMemoryIsRead()
    {
        Write("{'descr': '>f4', 'fortran_order': False, 'shape': (2,)}", 64, [0x3f, 0x80, 0, 0, 0x40, 0, 0, 0]);
        AssertRead([1, 2]);
        Write("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 65, [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]);
        AssertRead([1, 2]);
        Write("{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", 64, [0, 1]);
        AssertRead([0, 1], canBeShared: true);
        Write("{'descr': '<u2', 'fortran_order': False, 'shape': (2,)}", 64, [0, 1, 255, 255]);
        AssertRead([256, 65535]);
        Write("{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", 64, [0, 3]);
        Assert.Contains("0 or 1", Assert.Throws<InvalidDataException>(() => Npy.Map(FilePath)).Message);
        Assert.Contains("0 or 1", Assert.Throws<InvalidDataException>(() => Npy.Share(FilePath)).Message);

        void AssertRead(double[] wanted, bool canBeShared = false)
        {
            Tensor x = Npy.Map(FilePath);
            Assert.IsNotType<MappedStorage>(x.Storage);
            Assert.Equal(wanted, x.To(DType.Float64).ToArray<double>());
            if (!canBeShared)
            {
                Assert.Contains("cannot be shared", Assert.Throws<InvalidDataException>(() => Npy.Share(FilePath)).Message);
            }
        }
    }

    [Fact]
    public void DisposedTensorsSaySo()
    {
        SafeTensors.Save(FilePath, new Dictionary<string, Tensor> { ["a"] = Tensor.Ones(3), ["b"] = Tensor.Arange(3) });
        IReadOnlyDictionary<string, Tensor> mapped = SafeTensors.Map(FilePath);
        Tensor view = mapped["a"][1..];
        _ = mapped["a"].AsSpan<float>();
        mapped["a"].Dispose();
        Assert.Throws<ObjectDisposedException>(() => mapped["a"].ToArray<float>());
        Assert.Throws<ObjectDisposedException>(() => (view + 1).Realize());
        Assert.Equal([0f, 1, 2], mapped["b"].ToArray<float>());
        Tensor scoped;
        using (Tensor.Scope())
        {
            scoped = SafeTensors.Map(FilePath)["b"];
        }

        Assert.Throws<ObjectDisposedException>(() => scoped.ToArray<float>());
    }

    [Fact]
    public void TheMappingEndsWithTheTensorUnlessASpanMayBeLeft()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the process's mappings are read from /proc");
        Npy.Save(FilePath, Tensor.Arange(50_000));
        Drop(FilePath);
        Collect();
        Assert.False(IsMapped());
        ReadOnlySpan<float> span = Lend(FilePath);
        Collect();
        Assert.Equal(49_999, span[^1]);
        Assert.True(IsMapped());
        string other = Path.Combine(folder, "y");
        Npy.Save(other, Tensor.Arange(50_000));
        using (Tensor lent = Npy.Map(other))
        {
            _ = lent.AsSpan<float>();
        }

        Assert.DoesNotContain(File.ReadLines("/proc/self/maps"), line => line.EndsWith(other, StringComparison.Ordinal));

        bool IsMapped() => File.ReadLines("/proc/self/maps").Any(line => line.EndsWith(FilePath, StringComparison.Ordinal));
    }

    [Fact]
    public void SpansOfMappedTensorsStayValidWhileOthersCollect()
    {
        Npy.Save(FilePath, Tensor.Arange(50_000));
        using CancellationTokenSource done = new();
        Thread collector = new(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        })
        { IsBackground = true };
        collector.Start();
        for (int turn = 0; turn < 30; turn++)
        {
            ReadOnlySpan<float> span = Lend(FilePath);
            ReadOnlyMemory<float> memory = Npy.Map(FilePath).AsMemory<float>();
            double sum = Npy.Map(FilePath).Sum().ToDouble();
            Thread.Sleep(1);
            Assert.Equal(49_999, span[^1]);
            Assert.Equal(49_999, memory.Span[^1]);
            Assert.Equal(1_249_975_000, sum, 1000.0);
        }

        done.Cancel();
        collector.Join();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(string path) => Assert.Equal(49_999, Npy.Map(path)[^1].ToDouble());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<float> Lend(string path) => Npy.Map(path).AsSpan<float>();

    private static void Collect()
    {
        for (int turn = 0; turn < 3; turn++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private void Write(string header, int offset, byte[] data)
    {
        byte[] text = Encoding.ASCII.GetBytes(header.PadRight(offset - 10));
        File.WriteAllBytes(FilePath, [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)text.Length), .. text, .. data]);
    }
}
