using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Tensors that several threads compute, read and write at once.</summary>
[Collection(nameof(EngineSettings))]
public sealed class ConcurrencyTests
{
    private const int Threads = 6;
    private const int Length = 20_000;

    [Fact]
    public void SeveralThreadsComputeOnePendingTensor() => ComputeOne(turns: 40);

    [Fact]
    [Trait("Category", "Long")]
    public void SeveralThreadsComputeOnePendingTensorForLong() => ComputeOne(turns: 4000);

    [Fact]
    public void SeveralThreadsComputeWhatSharesAGraph() => ComputeShared(turns: 25, seed: 1);

    [Fact]
    [Trait("Category", "Long")]
    public void SeveralThreadsComputeWhatSharesAGraphForLong() => ComputeShared(turns: 2500, Environment.TickCount);

    [Fact]
    public void ReadersSeeTheElementsBeforeOrAfterAWrite() => WriteBesideReaders(turns: 150);

    [Fact]
    [Trait("Category", "Long")]
    public void ReadersSeeTheElementsBeforeOrAfterAWriteForLong() => WriteBesideReaders(turns: 20_000);

    [Fact]
    public void AnAssignmentInPlaceIsComputedOnce()
    {
        for (int turn = 0; turn < 40; turn++)
        {
            Tensor x = Tensor.Full(Length, 3.0, DType.Float64).Realize();
            Tensor twice = x * 2;
            Tensor view = x[1..];
            Together(Threads, number =>
            {
                if (number == 0)
                {
                    x.Assign(twice);
                }
                else
                {
                    Assert.Equal(-1, twice.ToArray<double>().AsSpan().IndexOfAnyExcept(6));
                }
            });
            Assert.Equal(-1, x.ToArray<double>().AsSpan().IndexOfAnyExcept(6));
            Assert.Equal(-1, view.ToArray<double>().AsSpan().IndexOfAnyExcept(6));
        }
    }

    [Fact]
    public void WhatSeveralThreadsWantIsComputedAndStoredOnce()
    {
        Tensor x = Tensor.Full((400, 400), 0.5f).Realize();
        for (int turn = 0; turn < 10; turn++)
        {
            Tensor product = x.MatMul(x);
            int computed = 0;
            using (Tracing.Listen(traced => computed += traced.Name.Contains("matmul", StringComparison.OrdinalIgnoreCase) ? 1 : 0))
            {
                Together(Threads, _ => product.Realize());
            }

            Assert.Equal(1, computed);
        }
    }

    [Fact]
    public void AThreadThatWaitsForAnotherIsInterrupted()
    {
        using ManualResetEventSlim isComputing = new();
        using ManualResetEventSlim mayEnd = new();
        Tensor pending = (Tensor.Ones(1 << 14) * 3).MatMul(Tensor.Ones((1 << 14, 2)));
        using IDisposable listening = Tracing.Listen(_ =>
        {
            isComputing.Set();
            mayEnd.Wait();
        });
        Thread computing = new(() => pending.Realize());
        computing.Start();
        isComputing.Wait();
        Thread waiting = new(() =>
        {
            using CancellationTokenSource source = new(20);
            using Interruption.Scope scope = Interruption.Begin(source.Token);
            Assert.Throws<OperationCanceledException>(() => pending.Realize());
        });
        waiting.Start();
        bool isEnded = waiting.Join(5000);
        mayEnd.Set();
        computing.Join();
        Assert.True(isEnded);
        Assert.Equal(3 << 14, (int)pending.Max());
    }

    private static void ComputeOne(int turns)
    {
        for (int turn = 0; turn < turns; turn++)
        {
            Tensor x = Tensor.Arange(Length).To(DType.Float32);
            Tensor pending = (turn % 4) switch
            {
                0 => (x * 2) + turn,
                1 => ((x * 2) + turn).Reshape(100, -1).Softmax() * turn,
                2 => x.Reshape(100, 200).MatMul(x.Reshape(200, 100)) * 1e-6 + turn,
                _ => ((turn - x).Sort() * 2) + x.CumSum(0),
            };
            double expected = pending.To(DType.Float64).Detach().Clone().Mean().ToDouble();
            Tensor again = pending + 0;
            double[] means = new double[Threads];
            Together(Threads, number => means[number] = Mean((number & 1) == 0 ? pending : again));
            Assert.All(means, mean => Assert.Equal(expected, mean, 1e-9 * Math.Abs(expected)));
        }
    }

    private static double Mean(Tensor tensor) => tensor.ToArray<float>().Average(number => (double)number);

    /// <summary>The same random program, its tensors read by several threads in orders of their own.</summary>
    private static void ComputeShared(int turns, int seed)
    {
        for (int turn = 0; turn < turns; turn++)
        {
            Random random = new(seed + turn);
            List<Tensor> made = [Tensor.Random((ulong)turn).Uniform((40, 50)).Realize(), Tensor.Random((ulong)turn + 1).Uniform((40, 50)).Realize()];
            Tensor[] separate = Build(new Random(seed + turn), made, isEager: true);
            Tensor[] lazy = Build(new Random(seed + turn), made, isEager: false);
            int[][] orders = [.. Enumerable.Range(0, Threads).Select(_ => Enumerable.Range(0, lazy.Length).OrderBy(_ => random.Next()).ToArray())];
            double[][] known = [.. separate.Select(Numbers)];
            Together(Threads, number =>
            {
                foreach (int index in orders[number])
                {
                    double[] found = Numbers(lazy[index]);
                    for (int place = 0; place < found.Length; place++)
                    {
                        Assert.Equal(known[index][place], found[place], 1e-3 * (1 + Math.Abs(known[index][place])));
                    }
                }
            });
        }
    }

    private static double[] Numbers(Tensor tensor) => tensor.To(DType.Float64).ToArray<double>();

    private static Tensor[] Build(Random random, List<Tensor> leaves, bool isEager)
    {
        List<Tensor> made = [.. leaves];
        for (int step = 0; step < 14; step++)
        {
            Tensor left = made[random.Next(made.Count)];
            Tensor right = made[random.Next(made.Count)];
            Tensor result = random.Next(9) switch
            {
                0 => left + right,
                1 => left * right,
                2 => (left - right).Tanh(),
                3 => left - left.Mean(0, keepDims: true),
                4 => right / (1 + left.Abs().Sum(1, keepDims: true)),
                5 => left.Softmax(),
                6 => (left.MatMul(right.T) / 50).MatMul(left).Tanh(),
                7 => left.Sort(),
                _ => left[^1..].BroadcastTo(left.Shape) - right.Flip(0),
            };
            made.Add(isEager ? result.Realize() : result);
        }

        return [.. made];
    }

    private static void WriteBesideReaders(int turns)
    {
        Tensor x = Tensor.Zeros(Length, DType.Float64).Realize();
        Tensor part = x[TensorIndex.Every(2)];
        bool isOver = false;
        Together(4, number =>
        {
            if (number == 0)
            {
                try
                {
                    for (int turn = 1; turn <= turns; turn++)
                    {
                        Write(x, turn);
                    }
                }
                finally
                {
                    Volatile.Write(ref isOver, true);
                }
            }

            while (!Volatile.Read(ref isOver))
            {
                double[] numbers = number == 1 ? x.ToArray<double>() : number == 2 ? part.ToArray<double>() : (x.Detach() - 1).ToArray<double>();
                Assert.Equal(-1, numbers.AsSpan().IndexOfAnyExcept(numbers[0]));
            }
        });
        Assert.Equal(turns, x[0].ToDouble());
    }

    private static void Write(Tensor x, int turn)
    {
        switch (turn % 3)
        {
            case 0:
                x.Fill(turn);
                break;
            case 1:
                x[..] = Tensor.Full(Length, (double)turn);
                break;
            default:
                x[Tensor.Arange(Length, dtype: DType.Int64)] = (double)turn;
                break;
        }
    }

    /// <summary>Runs the same on several threads that begin at once, and fails as the first of them that does.</summary>
    private static void Together(int count, Action<int> run)
    {
        using Barrier start = new(count);
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                run(number);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref failure, error, null);
            }
        })
        { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromMinutes(1)), "a thread does not end"));
        Assert.Null(failure);
    }
}
