using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Tests.Grid;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Kernels that once computed something else than their methods, each the least that random ones came down to.</summary>
[Collection(nameof(EngineSettings))]
public sealed class FoundByFuzzingTests
{
    [Fact]
    public void A_wide_uniform_condition_chooses_narrow_values() =>
        Agrees((int i, short[] y, long u) => y[i] = i > 1 && u == 3 ? (short)i : (short)-1);

    [Fact]
    public void A_wide_loaded_condition_chooses_narrow_values() =>
        AgreesOn((int i, short[] y, long[] x) => y[i] = i > 1 && x[1] == 3 ? (short)i : (short)-1);

    [Fact]
    public void Both_sides_of_a_branch_read_the_same_element()
    {
        var kernel = GridKernel.Compile((int i, float[] x, float[] y) =>
        {
            var sum = 0f;
            if (i % 3 == 0)
            {
                sum += x[i];
                y[i] = 1;
            }
            else
            {
                sum -= x[i];
                y[i] = 2;
            }

            y[i] += sum;
        });
        var found = new float[4];
        kernel.Launch(4, new float[] { 10, 20, 30, 40 }, found);
        Assert.Equal([11, -18, -28, 41], found);
    }

    [Fact]
    public void A_reference_to_an_element_is_checked_where_it_is_made()
    {
        var kernel = GridKernel.Compile((int i, float[] y) =>
        {
            ref var target = ref y[i + 1];
            if (i > 1000)
            {
                target = 1;
            }
        });
        kernel.Launch(3, new float[4]);
        Assert.Throws<IndexOutOfRangeException>(() => kernel.Launch(4, new float[4]));
    }

    [Fact]
    public void Lanes_leave_a_loop_by_a_condition_that_is_inverted() => AgreesOn((int i, short[] y, long[] x) =>
    {
        y[i] = (short)(100 * i);
        if (((i + (int)x[(int)((uint)i % (uint)x.Length)] + (int)x[(int)((uint)(i + 1) % (uint)x.Length)]) & 7) > 0)
        {
            for (var k = 0; k < 5; k++)
            {
                y[i] >>= 2;
                var isBetween = (y[i] >= 1) & (y[i] <= 100);
                if (isBetween)
                {
                    break;
                }
            }
        }
    });

    [Fact]
    public void Values_that_nobody_asks_for_are_constants_like_others_once_a_method_is_read()
    {
        // Marked longer, they took others of the same bits with them, where equal constants become one.
        var program = GridReference.Read((int i, short[] y, long[] x) =>
        {
            for (var turn = 0; turn < 4 && i < 40 - x[i]; turn++)
            {
                y[i] += 10;
                if (turn > 5 || i == 7 ? i >= turn : x[(i + 1) % x.Length] is >= -5 and <= 20)
                {
                    continue;
                }

                y[i] *= 2;
            }
        });
        Assert.DoesNotContain(NodeOrder.Of([.. program.Roots]), node => node is ConstantNode { IsArbitrary: true });
    }

    private static void Agrees(Action<int, short[], long> method) => Check(array => (i => method(i, array, 1)), (kernel, array) => kernel.Launch(array.Length, array, 1L), method);

    private static void AgreesOn(Action<int, short[], long[]> method)
    {
        long[] input = [.. Enumerable.Range(0, 64).Select(i => (long)i)];
        Check(array => (i => method(i, array, input)), (kernel, array) => kernel.Launch(array.Length, array, input), method);
    }

    private static void Check(Func<short[], Action<int>> direct, Action<GridKernel, short[]> launch, Delegate method)
    {
        var kernel = GridKernel.Compile(method);
        foreach (var bits in (int[])[128, 256, 512])
        {
            using var settings = new EngineSettings(bits, contraction: false);
            var (wanted, found) = (new short[61], new short[61]);
            var item = direct(wanted);
            for (var i = 0; i < wanted.Length; i++)
            {
                item(i);
            }

            launch(kernel, found);
            Assert.Equal(wanted, found);
        }
    }
}
