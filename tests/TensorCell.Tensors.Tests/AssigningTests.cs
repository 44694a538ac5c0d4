using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class AssigningTests
{
    private const int Length = 1000;

    [Fact]
    public void ElementsAreComputedInTheMemoryTheyReplace()
    {
        Tensor target = Tensor.Arange(Length).Clone();
        Tensor view = target[10..20];
        ReadOnlySpan<float> before = target.AsSpan<float>();
        int version = target.Version;
        target.Assign((target * 2) + target + 1);
        Assert.True(before == target.AsSpan<float>());
        Assert.Equal(version + 1, target.Version);
        Assert.Equal(Expected(number => (number * 3) + 1), target.ToArray<float>());
        Assert.Equal(target.ToArray<float>()[10..20], view.ToArray<float>());
    }

    [Fact]
    public void PendingReadersKeepTheOldElements()
    {
        Tensor target = Tensor.Arange(Length).Clone();
        Tensor sum = target + 1;
        Tensor flipped = target.Flip(0) * 2;
        target.Assign(target * 2);
        Assert.Equal(Expected(number => number + 1), sum.ToArray<float>());
        Assert.Equal(Expected(number => 2 * (Length - 1 - number)), flipped.ToArray<float>());
        Assert.Equal(Expected(number => number * 2), target.ToArray<float>());
    }

    [Fact]
    public void AnElementIsNotOverwrittenBeforeAnotherOneNeedsIt()
    {
        Tensor target = Tensor.Arange(Length).Clone();
        target.Assign(target + target.Flip(0));
        Assert.All(target.ToArray<float>(), number => Assert.Equal(Length - 1, number));
        Tensor matrix = Tensor.Arange(9).Reshape(3, 3).Clone();
        float[] before = matrix.T.ToArray<float>();
        matrix.Assign(matrix.T + 0);
        Assert.Equal(before, matrix.ToArray<float>());
        target.Assign(target - target.Mean());
        Assert.All(target.ToArray<float>(), number => Assert.Equal(0, number));
    }

    [Fact]
    public void AllTargetsReadTheOldElementsOfAll()
    {
        Tensor a = Tensor.Arange(Length).Clone();
        Tensor b = Tensor.Ones(Length).Clone();
        Tensor shared = a + b;
        Tensor.AssignAll([a, b], [shared * 2, shared - a]);
        Assert.Equal(Expected(number => 2 * (number + 1)), a.ToArray<float>());
        Assert.Equal(Expected(_ => 1), b.ToArray<float>());
        Tensor.AssignAll([a, b], [b + 0, a + 0]);
        Assert.Equal(Expected(_ => 1), a.ToArray<float>());
        Assert.Equal(Expected(number => 2 * (number + 1)), b.ToArray<float>());
    }

    [Fact]
    public void StoredSourcesAndPartsAreCopied()
    {
        Tensor source = Tensor.Arange(Length).Clone();
        Tensor target = Tensor.Zeros(Length).Clone();
        target.Assign(source);
        target.Assign(target + 1);
        Assert.Equal(Expected(number => number), source.ToArray<float>());
        Tensor part = target[..3];
        part.Assign(part * 10);
        Assert.Equal([10f, 20, 30, 4], target[..4].ToArray<float>());
        target.Assign(Tensor.Full(Length, 5));
        target.Assign(target.To(DType.Float64) * 2);
        Assert.All(target.ToArray<float>(), number => Assert.Equal(10, number));
        Assert.Equal(DType.Float32, target.DType);
    }

    [Fact]
    public void RandomStepsEqualThoseOnArrays()
    {
        Random random = new(1);
        for (int round = 0; round < 200; round++)
        {
            int length = random.Next(1, 3000);
            Tensor[] tensors = [.. Enumerable.Range(0, 3).Select(_ => Tensor.From(Enumerable.Range(0, length).Select(_ => (double)random.Next(-9, 9)).ToArray()).Clone())];
            double[][] arrays = [.. tensors.Select(tensor => tensor.ToArray<double>())];
            (Tensor Tensor, double[] Expected)? reader = null;
            for (int step = 0; step < 4; step++)
            {
                if (random.Next(3) == 0)
                {
                    int read = random.Next(3);
                    reader = (tensors[read] * 3, [.. arrays[read].Select(number => number * 3)]);
                }

                using TensorScope? scope = random.Next(2) == 0 ? Tensor.Scope(endsPending: true) : null;
                List<(Tensor Tensor, double[] Array)> values = [.. tensors.Zip(arrays)];
                for (int node = 0; node < 6; node++)
                {
                    (Tensor left, double[] leftArray) = values[random.Next(values.Count)];
                    (Tensor right, double[] rightArray) = values[random.Next(values.Count)];
                    int kind = random.Next(4);
                    values.Add(kind switch
                    {
                        0 => (left + right, [.. leftArray.Zip(rightArray, (l, r) => l + r)]),
                        1 => (left - (0.5 * right), [.. leftArray.Zip(rightArray, (l, r) => l - (0.5 * r))]),
                        2 => (left.Flip(0) + right, [.. leftArray.Reverse().Zip(rightArray, (l, r) => l + r)]),
                        _ => (Tensor.Maximum(left, right), [.. leftArray.Zip(rightArray, Math.Max)]),
                    });
                }

                int[] picked = [.. Enumerable.Range(0, 3).Select(_ => random.Next(3, values.Count))];
                int[] targets = [.. Enumerable.Range(0, 3).Where(_ => random.Next(4) > 0)];
                Tensor.AssignAll([.. targets.Select(target => tensors[target])], [.. targets.Select(target => values[picked[target]].Tensor)]);
                foreach (int target in targets)
                {
                    arrays[target] = values[picked[target]].Array;
                }

                scope?.Dispose();
                Assert.All(Enumerable.Range(0, 3), index => Assert.Equal(arrays[index], tensors[index].ToArray<double>()));
            }

            Assert.Equal(reader?.Expected, reader?.Tensor.ToArray<double>());
        }
    }

    [Fact]
    public void AScopeThatEndsPendingTensorsFreesWhatTheyWouldRead()
    {
        Tensor target = Tensor.Arange(Length).Clone();
        ReadOnlySpan<float> before = target.AsSpan<float>();
        Tensor pending;
        Tensor kept;
        using (TensorScope scope = Tensor.Scope(endsPending: true))
        {
            pending = target + 1;
            kept = scope.Keep(target + 2);
            scope.EndPending();
            target.Assign(target * 2);
        }

        Assert.True(before == target.AsSpan<float>());
        Assert.Equal(Expected(number => number * 2), target.ToArray<float>());
        Assert.Equal(Expected(number => number + 2), kept.ToArray<float>());
        Assert.Throws<ObjectDisposedException>(() => pending.Realize());
        using (Tensor.Scope())
        {
            pending = target + 1;
            target.Assign(target.Flip(0) + 0);
        }

        Assert.Equal(Expected(number => (number * 2) + 1), pending.ToArray<float>());
        Assert.Equal(Expected(number => 2 * (Length - 1 - number)), target.ToArray<float>());
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Tensor target = Tensor.Zeros(3).Clone();
        Assert.Contains("[4] to a tensor of shape [3]", Assert.Throws<ArgumentException>(() => target.Assign(Tensor.Ones(4))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Tensor.AssignAll([target], []));
        target.RequiresGrad = true;
        Assert.Contains("NoGrad", Assert.Throws<InvalidOperationException>(() => target.Assign(target * 2)).Message, StringComparison.Ordinal);
        using (Tensor.NoGrad())
        {
            target.Assign(target + 2);
        }

        Assert.Equal([2f, 2, 2], target.Detach().ToArray<float>());
    }

    private static float[] Expected(Func<float, float> of) => [.. Enumerable.Range(0, Length).Select(number => of(number))];
}
