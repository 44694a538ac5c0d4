using System.Diagnostics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Tensors whose memory several processes have.</summary>
public sealed class SharedTests : IDisposable
{
    /// <summary>Tells the other process which file it shares.</summary>
    private const string PathVariable = "TENSORCELL_TEST_SHARED";

    private const int Length = 1000;

    /// <summary>What the other process does, in Python: wait for its turn, double the numbers, say so.</summary>
    private const string Doubler = """
        import sys, time
        import numpy as np
        x = np.load(sys.argv[1], mmap_mode="r+") if sys.argv[1].endswith(".npy") else np.memmap(sys.argv[1], "f4", "r+", shape=(1001,))
        while x[0] != 1: time.sleep(0.001)
        x[1:] *= 2
        x[0] = 2
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("tensorcell-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("x.bin")]
    [InlineData("x.npy")]
    public async Task PythonAndWeWriteToTheSameMemory(string name)
    {
        NumPy.Require();
        string path = Path.Combine(folder, name);
        using Tensor x = name.EndsWith(".npy", StringComparison.Ordinal) ? Npy.Share(path, Length + 1) : Tensor.Shared(path, Length + 1);
        Task<string[]> other = Task.Run(() => NumPy.Evaluate(Doubler, path), TestContext.Current.CancellationToken);
        TakeTurns(x);
        Assert.Empty(await other);
    }

    [Fact]
    public void TwoProcessesWriteToTheSameMemory()
    {
        string path = Path.Combine(folder, "x.bin");
        using Tensor x = Tensor.Shared(path, Length + 1);
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, Environment = { [PathVariable] = path } };
        foreach (string argument in (string[])["exec", typeof(SharedTests).Assembly.Location, "-method", $"*{nameof(SharedTests)}.{nameof(TheOtherProcess)}"])
        {
            start.ArgumentList.Add(argument);
        }

        using Process other = Process.Start(start)!;
        TakeTurns(x);
        string output = other.StandardOutput.ReadToEnd();
        other.WaitForExit();
        Assert.True(other.ExitCode == 0, output);
    }

    /// <summary>Not a test by itself: what <see cref="TwoProcessesWriteToTheSameMemory"/> runs beside itself.</summary>
    [Fact]
    public void TheOtherProcess()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is not { } path)
        {
            return;
        }

        using Tensor x = Tensor.Shared(path, Length + 1);
        Await(x, 1);
        x[1..] *= 2;
        x[0] = 2;
    }

    [Fact]
    public void TheTensorKeepsItsFileHoweverItIsWritten()
    {
        string path = Path.Combine(folder, "x");
        Tensor x = Tensor.Shared(path, (2, 3), DType.Float64);
        Tensor other = Tensor.Shared(path, (2, 3), DType.Float64);
        Assert.Equal(new double[6], other.ToArray<double>());
        Tensor reader = x + 1;
        x[0] = Tensor.Arange(3);
        Assert.Equal([1.0, 1, 1, 1, 1, 1], reader.ToArray<double>());
        x.AsWritableSpan<double>()[5] = 7;
        Assert.Equal([0.0, 1, 2, 0, 0, 7], other.ToArray<double>());
        Tensor.AssignAll([x], [(x * 2).Sqrt()]);
        Assert.Equal(Math.Sqrt(14), other[1, 2].ToDouble());
        Tensor pending = x + 0;
        x.Assign(Tensor.Random(1).Uniform((2, 3), dtype: DType.Float64));
        Assert.Equal(Math.Sqrt(14), pending[1, 2].ToDouble());
        Assert.Equal(x.ToArray<double>(), other.ToArray<double>());
        x.Flush();
        Assert.Equal(x.ToArray<double>().SelectMany(BitConverter.GetBytes), File.ReadAllBytes(path));
        x.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x.ToArray<double>());
        other.Fill(3);
        Assert.Equal(3, Tensor.Shared(path, 6, DType.Float64)[4].ToDouble());
    }

    [Fact]
    public void AnNpyFileIsWrittenThrough()
    {
        string path = Path.Combine(folder, "x.npy");
        Npy.Save(path, Tensor.Arange(6).Reshape(2, 3));
        using (Tensor x = Npy.Share(path))
        {
            x[1, 2] = 50;
            Npy.Share(path, (2, 3))[0, 0] = 40;
            x.Flush();
        }

        Assert.Equal([40f, 1, 2, 3, 4, 50], Npy.Load(path).ToArray<float>());
        Assert.Equal(
            $"npy {path}: the file holds f32 of shape [2, 3], and i64 of shape [2, 3] was asked for; delete it first, or share what it holds",
            Assert.Throws<InvalidDataException>(() => Npy.Share(path, (2, 3), DType.Int64)).Message);
        Npy.Save(path, Tensor.From([true, false]));
        using (Tensor truths = Npy.Share(path))
        {
            truths[1] = Tensor.Full(default, true);
        }

        Assert.Equal([true, true], Npy.Load(path).ToArray<bool>());
    }

    [Fact]
    public void WhatIsWrongIsSaid()
    {
        string path = Path.Combine(folder, "x");
        Assert.Contains("no elements to share", Assert.Throws<ArgumentException>(() => Tensor.Shared(path, (0, 3))).Message);
        Assert.Contains("no elements to share", Assert.Throws<ArgumentException>(() => Npy.Share(path, (0, 3))).Message);
        Assert.Contains("NumPy has no type bf16", Assert.Throws<NotSupportedException>(() => Npy.Share(path, 3, DType.BFloat16)).Message);
        Assert.False(File.Exists(path));
        File.WriteAllBytes(path, []);
        Assert.Equal(
            $"shared {path}: the file has 0 bytes, and f32 of shape [3] takes 12; give the shape and type it was made with, or delete it first",
            Assert.Throws<InvalidDataException>(() => Tensor.Shared(path, 3)).Message);
        Assert.Contains("folder does not exist", Assert.Throws<DirectoryNotFoundException>(() => Tensor.Shared(Path.Combine(folder, "no", "x"), 3)).Message);
        Assert.Contains("no such file", Assert.Throws<FileNotFoundException>(() => Npy.Share(Path.Combine(folder, "no"))).Message);
        Assert.Equal([path], Directory.GetFiles(folder));
        File.WriteAllBytes(path, [0, 1, 2]);
        Assert.Contains("0 or 1", Assert.Throws<InvalidDataException>(() => Tensor.Shared(path, 3, DType.Bool)).Message);
    }

    private static void TakeTurns(Tensor x)
    {
        x[1..] = Tensor.Arange(Length);
        x[0] = 1;
        Await(x, 2);
        Assert.Equal(Enumerable.Range(0, Length).Select(number => 2f * number), x[1..].ToArray<float>());
    }

    private static void Await(Tensor x, float turn)
    {
        for (int wait = 0; x[0].Item<float>() != turn; wait++)
        {
            Assert.True(wait < 30_000, "the other process did not take its turn within half a minute");
            Thread.Sleep(1);
        }
    }
}
