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

    [Fact]
    public void AStoredSourceThatIsATargetGivesItsOldElements()
    {
        Tensor a = Tensor.Arange(Length).Clone();
        Tensor b = Tensor.Ones(Length).Clone();
        Tensor.AssignAll([a, b], [b, a]);
        Assert.Equal(Expected(_ => 1), a.ToArray<float>());
        Assert.Equal(Expected(number => number), b.ToArray<float>());
        b.Assign(b.Flip(0));
        Assert.Equal(Expected(number => Length - 1 - number), b.ToArray<float>());
        Tensor pending = b + 1;
        pending.Assign(pending);
        Assert.Equal(Expected(number => Length - number), pending.ToArray<float>());
    }

    [Fact]
    public void MoreSourcesThanOneKernelStoresReadTheOldElementsOfAll()
    {
        Tensor[] targets = [.. Enumerable.Range(1, 7).Select(factor => Tensor.Full(Length, factor).Clone())];
        float[] old = [.. targets.Select(target => (float)target[0])];
        Tensor[] sources = new Tensor[targets.Length];
        float[] expected = new float[targets.Length];
        for (int index = 0; index < targets.Length; index++)
        {
            sources[index] = index == 0 ? targets[0] * 2 : sources[index - 1] + (targets[index - 1] * targets[index]);
            expected[index] = index == 0 ? old[0] * 2 : expected[index - 1] + (old[index - 1] * old[index]);
        }

        Tensor.AssignAll(targets, sources);
        Assert.Equal(expected, targets.Select(target => (float)target[^1]));
    }

    [Fact]
    public void WhatWasComputedOnTheWayIsNotComputedFromTheNewElements()
    {
        Tensor target = Tensor.Arange(Length).Clone();
        Tensor onTheWay = target * 2;
        target.Assign(target - onTheWay);
        Assert.Equal(Expected(number => -number), target.ToArray<float>());
        Assert.Contains("Assign", Assert.Throws<ObjectDisposedException>(onTheWay.ToArray<float>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAssignmentIsNotInterruptedHalfway()
    {
        Tensor[] targets = [Tensor.Ones(Length).Clone(), Tensor.Ones(2 * Length).Clone()];
        using CancellationTokenSource cancelling = new();
        using (Interruption.Begin(cancelling.Token))
        {
            // Of other tests' kernels it hears too, whose threads would still be cancelling when this one looks.
            int thread = Environment.CurrentManagedThreadId;
            using (Tracing.Listen(_ =>
            {
                if (Environment.CurrentManagedThreadId == thread)
                {
                    cancelling.Cancel();
                }
            }))
            {
                Tensor.AssignAll(targets, [targets[0] * 2, targets[1] * 3]);
            }

            Assert.Throws<OperationCanceledException>(Interruption.Check);
            Assert.Throws<OperationCanceledException>(() => targets[0].Assign(targets[0] * 5));
        }

        Assert.All(targets[0].ToArray<float>(), number => Assert.Equal(2, number));
        Assert.All(targets[1].ToArray<float>(), number => Assert.Equal(3, number));
        Assert.All(targets, target => Assert.Equal(1, target.Version));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFailedAssignmentTearsNothing(bool failsFirst)
    {
        Tensor target = Tensor.Arange(Length).Clone();
        Tensor numbers = Tensor.Ones(3, DType.Int32).Clone();
        Tensor source = target * 2;
        Tensor remainder = numbers % Tensor.Zeros(3, DType.Int32).Clone();
        Assert.Throws<DivideByZeroException>(() => Tensor.AssignAll(
            failsFirst ? [numbers, target] : [target, numbers], failsFirst ? [remainder, source] : [source, remainder]));
        Assert.Equal(Expected(number => number * 2), source.ToArray<float>());
        Assert.Equal(Expected(number => target.Version == 0 ? number : number * 2), target.ToArray<float>());
        Assert.Equal(failsFirst ? 0 : 1, target.Version);
        Assert.Equal([1, 1, 1], numbers.ToArray<int>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ASourceAndItsReadersKeepTheirElementsOrSayThatTheyAreGone(bool isReshaped)
    {
        Tensor root = isReshaped ? Tensor.Zeros((2, Length / 2)).Clone() : Tensor.Zeros(Length).Clone();
        Tensor target = root.Reshape(Length);
        Tensor source = Tensor.Arange(Length) + 1;
        Tensor reader = source * 2;
        target.Assign(source);
        Assert.Equal(Expected(number => number + 1), source.ToArray<float>());
        target.Fill(0);
        Assert.Equal(Expected(number => (number + 1) * 2), reader.ToArray<float>());
        Assert.Equal(Expected(number => number + 1), source.ToArray<float>());

        source = Tensor.Arange(Length) + 2;
        target.Assign(source);
        Assert.Equal(Expected(number => number + 2), source.ToArray<float>());
        source[0] = 7;
        Assert.Equal(7, (float)source[0]);
        Assert.Equal(Expected(number => number + 2), target.ToArray<float>());

        source = Tensor.Arange(Length) + 3;
        target.Assign(source);
        target.Fill(0);
        Assert.Throws<ObjectDisposedException>(source.ToArray<float>);
        using (Tensor ended = Tensor.Arange(Length) + 4)
        {
            target.Assign(ended);
        }

        Assert.Equal(Expected(number => number + 4), root.Reshape(Length).ToArray<float>());
        source = target + 1;
        target.Assign(source);
        target.Assign(target + 1);
        Assert.Equal(Expected(number => number + 6), target.ToArray<float>());
        Assert.Throws<ObjectDisposedException>(source.ToArray<float>);
    }

    [Fact]
    public void ASourceWhoseGradientWouldBeLostIsRefusedBeforeAnythingChanges()
    {
        Tensor parameter = Tensor.Ones(3).Clone();
        parameter.RequiresGrad = true;
        Tensor first = Tensor.Zeros(3).Clone();
        Tensor second = Tensor.Zeros(3).Clone();
        Assert.Contains("Detach", Assert.Throws<InvalidOperationException>(
            () => Tensor.AssignAll([first, second], [first + 1, parameter * 2])).Message, StringComparison.Ordinal);
        Assert.Equal([0f, 0, 0], first.ToArray<float>());
        second.Assign((parameter * 2).Detach());
        Assert.Equal([2f, 2, 2], second.ToArray<float>());
    }

    [Fact]
    public void APlainScopeInsideOneThatEndsPendingTensorsHidesNothingFromIt()
    {
        Tensor target = Tensor.Arange(Length).Clone();
        ReadOnlySpan<float> before = target.AsSpan<float>();
        Tensor pending;
        using (Tensor.Scope(endsPending: true))
        {
            using (Tensor.Scope())
            {
                pending = target + 1;
            }
        }

        target.Assign(target * 2);
        Assert.True(before == target.AsSpan<float>());
        Assert.Throws<ObjectDisposedException>(() => pending.Realize());
    }

    private static float[] Expected(Func<float, float> of) => [.. Enumerable.Range(0, Length).Select(number => of(number))];
}
