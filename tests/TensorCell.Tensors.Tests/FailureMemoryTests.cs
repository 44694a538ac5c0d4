using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Memory after operations that fail: what was allocated for them goes back to the pool.</summary>
[Collection(nameof(EngineSettings))]
public sealed class FailureMemoryTests
{
    private const int Length = 1 << 16;

    private static readonly Tensor numbers = Tensor.Arange(Length).To(DType.Int32).Realize();
    private static readonly Tensor reals = Tensor.Linspace(-1, 1, Length, DType.Float32).Realize();

    /// <summary>What fails at once or when it is computed.</summary>
    public static TheoryData<string, Action> Failures => new()
    {
        { "bad shapes", () => Expect<ArgumentException>(() => (reals * 2).Reshape(256, 256).MatMul(Tensor.Ones((3, 3)))) },
        { "bad broadcast", () => Expect<ArgumentException>(() => _ = (reals + 1) + Tensor.Ones(3)) },
        { "division by zero", () => Expect<DivideByZeroException>(() => ((numbers * 3) % (numbers - 7)).Realize()) },
        { "division by zero on the way", () => Expect<DivideByZeroException>(() => ((numbers + 1) % (numbers - 7)).CumSum(0).Realize()) },
        { "division by zero in a sum", () => Expect<DivideByZeroException>(() => (numbers % (numbers - 7)).Reshape(-1, 2).Sum(1).Realize()) },
        { "index", () => Expect<ArgumentOutOfRangeException>(() => reals.Take(numbers + 1).Realize()) },
        { "singular matrix", () => Expect<ArgumentException>(() => Tensor.Zeros((64, 64)).Solve(Tensor.Ones((64, 64))).Realize()) },
        { "assignment", () => Expect<DivideByZeroException>(() => numbers.Assign(numbers % (numbers - 7))) },
        { "gradient's shape", () => Expect<InvalidOperationException>(() => Differentiate(_ => [Tensor.Ones(3)])) },
        { "gradient's function", () => Expect<NotSupportedException>(() => Differentiate(_ => throw new NotSupportedException("none"))) },
        { "gradient's elements", () => Expect<DivideByZeroException>(() => Differentiate(_ => [(numbers % (numbers - 7)).To(DType.Float32)])) },
        { "over budget", OverBudget },
        { "over budget on the way", OverBudgetOnTheWay },
        { "interrupted", () => Interrupted(() => ((reals * 2) + 1).Realize()) },
        { "interrupted product", () => Interrupted(() => (reals.Reshape(256, 256).MatMul(reals.Reshape(256, 256)) + 1).Realize()) },
        { "interrupted sort", () => Interrupted(() => reals.Sort().Realize()) },
        { "interrupted random numbers", () => Interrupted(() => Tensor.Random(1).Normal([Length]).Realize()) },
        { "interrupted fold", () => Interrupted(() => reals.Reshape(256, 256).Softmax().Realize()) },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void FailingGivesTheMemoryBack(string name, Action fail)
    {
        // Once before, for what is made once in a process.
        fail();
        long before = Live();
        for (int turn = 0; turn < 4; turn++)
        {
            fail();
        }

        Assert.True(Live() == before, $"{name}: {CpuBuffer.BytesInUse - before} bytes are still in use after four failures");
    }

    [Fact]
    public void AFailingKernelGivesItsResultBackAtOnce()
    {
        Tensor remainder = numbers % (numbers - 7);
        Tensor sum = reals.Reshape(256, 256).MatMul(reals.Reshape(256, 256));
        long before = Live();
        Expect<DivideByZeroException>(() => remainder.Realize());
        Assert.Equal(before, CpuBuffer.BytesInUse);
        Interrupted(() => sum.Realize());
        Assert.Equal(before, CpuBuffer.BytesInUse);

        // It fails in the same way again, and what was interrupted can be computed later.
        Expect<DivideByZeroException>(() => remainder.Realize());
        Assert.True(float.IsFinite((float)sum.Sum()));
        GC.KeepAlive(remainder);
    }

    [Fact]
    public void WhatFailedInOneThreadIsComputedInAnother()
    {
        Tensor pending = (reals * 3).Sort() + 1;
        Interrupted(() => pending.Realize());
        float[]? read = null;
        Thread other = new(() => read = pending.ToArray<float>());
        other.Start();
        other.Join();
        Assert.Equal(4, read![^1], 5);
    }

    [Fact]
    public void AFailureLeavesTheThreadNothingToHoldOnTo()
    {
        WeakReference storage = Fail();
        Live();
        Assert.False(storage.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Fail()
        {
            Tensor divisor = (numbers - 7).Realize();
            Tensor remainder = numbers % divisor;
            Expect<DivideByZeroException>(() => remainder.Realize());
            return new WeakReference(divisor.Storage);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Differentiate(Func<Tensor, IReadOnlyList<Tensor?>> backward)
    {
        Tensor parameter = reals.Detach().Clone();
        parameter.RequiresGrad = true;
        Tensor result = (parameter * 2).WithGradient("odd", [parameter], backward);
        (result * result).Mean().Backward();
        parameter.Grad!.Realize();
    }

    private static void OverBudget()
    {
        long budget = CpuBuffer.Budget;
        try
        {
            CpuBuffer.Budget = CpuBuffer.BytesInUse + (1 << 20);
            Expect<InsufficientMemoryException>(() => (reals.Reshape(1, -1) + reals.Reshape(-1, 1)[..64]).Realize());
        }
        finally
        {
            CpuBuffer.Budget = budget;
        }
    }

    private static void OverBudgetOnTheWay()
    {
        long budget = CpuBuffer.Budget;
        try
        {
            CpuBuffer.Budget = CpuBuffer.BytesInUse + (3 << 20);
            Tensor stored = (reals.Reshape(1, -1) + reals.Reshape(-1, 1)[..4]).Realize();
            Expect<InsufficientMemoryException>(() => Tensor.Concat(0, stored.CumSum(1).Sort(), stored, stored, stored, stored).Realize());
        }
        finally
        {
            CpuBuffer.Budget = budget;
        }
    }

    /// <summary>Runs something in a cell that is interrupted already.</summary>
    private static void Interrupted(Action run)
    {
        using CancellationTokenSource source = new();
        using Interruption.Scope scope = Interruption.Begin(source.Token);
        source.Cancel();
        scope.Notice();
        Expect<OperationCanceledException>(run);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Expect<TException>(Action run)
        where TException : Exception => Assert.ThrowsAny<TException>(run);

    /// <summary>Bytes in use after what was dropped is found.</summary>
    private static long Live()
    {
        for (int turn = 0; turn < 3; turn++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return CpuBuffer.BytesInUse;
    }
}
