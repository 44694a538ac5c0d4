using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Tests;

/// <summary>Which accesses of kernels are found to be within range, and which are not.</summary>
public sealed class RangesTests
{
    private static readonly float[] table = new float[256];

    [Theory]
    [InlineData(100, 100, true)]
    [InlineData(101, 100, false)]
    [InlineData(0, 0, true)]
    public void Items_index_what_is_as_long_as_there_are_items(int items, int length, bool isSafe) =>
        Finds((int i, float[] x, float[] y) => y[i] = x[i], isSafe ? "yx" : "", (1, items), length, length);

    [Fact]
    public void Neighbours_are_safe_where_they_were_asked_about() => Finds(
        (Index2 i, float[,] x, float[,] y) =>
        {
            if (i.Y > 0 && i.X > 0 && i.Y < x.GetLength(0) - 1 && i.X < x.GetLength(1) - 1)
            {
                y[i.Y, i.X] = x[i.Y - 1, i.X] + x[i.Y + 1, i.X] + x[i.Y, i.X - 1] + x[i.Y, i.X + 1];
            }
        },
        "xxxxy",
        (10, 20),
        (10, 20),
        (10, 20));

    [Fact]
    public void Neighbours_are_not_where_one_side_was_forgotten() => Finds(
        (int i, float[] x, float[] y) =>
        {
            if (i > 0)
            {
                y[i] = x[i - 1] + x[i + 1];
            }
        },
        "xy",
        (1, 20),
        20,
        20);

    [Fact]
    public void Loops_over_a_length() => Finds(
        (int i, float[] x, float[] y) =>
        {
            var sum = 0f;
            for (var k = 0; k < x.Length; k++)
            {
                sum += x[k];
            }

            for (var k = x.Length - 1; k >= 0; k--)
            {
                sum -= x[k] * k;
            }

            y[i] = sum;
        },
        "xxy",
        (1, 20),
        33,
        20);

    [Fact]
    public void Loops_one_too_far() => Finds(
        (int i, float[] x, float[] y) =>
        {
            var sum = 0f;
            for (var k = 0; k <= x.Length; k++)
            {
                sum += x[k];
            }

            y[i] = sum;
        },
        "y",
        (1, 20),
        33,
        20);

    [Fact]
    public void Loops_within_loops_and_products_of_indices() => Finds(
        (Index2 i, float[] a, float[] b, float[,] c) =>
        {
            var (rows, columns) = (c.GetLength(0), c.GetLength(1));
            var sum = 0f;
            for (var k = 0; k < columns; k++)
            {
                for (var n = k; n < columns; n++)
                {
                    sum += a[(i.Y * columns) + n] * b[(k * columns) + i.X];
                }
            }

            c[i.Y, i.X] = sum;
        },
        "abc",
        (20, 20),
        400,
        400,
        (20, 20));

    [Fact]
    public void Clamps_masks_and_remainders() => Finds(
        (int i, float[] x, float[] y) =>
        {
            var hash = i * 7919;
            y[i] = x[Math.Clamp(hash, 0, 32)] + x[hash & 31] + x[(hash & int.MaxValue) % 33] + x[Math.Abs(hash % 30)] + ((uint)hash < 33u ? x[hash] : 0)
                + table[(byte)hash] + (hash != 0 ? x[(hash >> 27) + 16] : 1) + x[(int)((uint)hash >> 27)];
        },
        "xxxxtxxxy",
        (1, 20),
        33,
        20);

    [Fact]
    public void Early_exits_leave_the_rest_in_range() => Finds(
        (int i, float[] x, float[] y) =>
        {
            if (i >= y.Length || x.Length < 4)
            {
                return;
            }

            var k = 0;
            while (k < x.Length - 3 && x[k] < 4)
            {
                k += 4;
            }

            y[i] = x[0] + k;
        },
        "xxy",
        (1, 64),
        33,
        20);

    [Fact]
    public void What_one_side_of_a_branch_knows_the_other_does_not() => Finds(
        (int i, int[] x, float[] y) =>
        {
            var at = x[i];
            if (at < 20)
            {
                y[i] = 1;
            }
            else
            {
                y[at] = 2;
            }

            if (at >= 20)
            {
                y[i] = 3;
            }
            else
            {
                y[at] = 4;
            }
        },
        "xyy",
        (1, 20),
        20,
        20);

    [Fact]
    public void What_a_branch_asked_is_not_known_behind_it() => Finds(
        (int i, int[] x, float[] y) =>
        {
            var at = x[i];
            if (at >= 0 && at < 20)
            {
                y[i] = 1;
            }

            y[at] += 2;
        },
        "xy",
        (1, 20),
        20,
        20);

    [Fact]
    public void What_goes_on_with_a_loop_is_not_known_behind_it() => Finds(
        (int i, int[] x, float[] y) =>
        {
            var k = 0;
            do
            {
                k++;
            }
            while (k < x.Length);
            y[i] = x[k];
        },
        "y",
        (1, 20),
        33,
        20);

    [Fact]
    public void Sums_that_wrap_tell_nothing_of_what_was_added() => Finds(
        (int i, int[] x, float[] y) =>
        {
            var at = x[i];
            if (at + 2147483647 < 19 && at - 5 > 0)
            {
                y[at] = 1;
            }

            if (at + 5 >= 5 && at + 5 < 25)
            {
                y[at] = 2;
            }
        },
        "xy",
        (1, 20),
        20,
        20);

    [Fact]
    public void What_can_never_be_is_in_range_wherever() => Finds(
        (int i, byte[] x, float[] y) =>
        {
            long number = x[i] + 5L;
            if (number <= long.MinValue)
            {
                y[(int)Math.Abs(number)] = 1;
            }
        },
        "xy",
        (1, 20),
        20,
        20);

    [Fact]
    public void Loops_in_loops_with_many_numbers_are_found_soon() => Finds(
        (int i, int[] x, int[] y) =>
        {
            // Each number is one more that a bound may stop at, in each turn of the loops around.
            var sum = 0;
            for (var a = 0; a < x[i]; a++)
            {
                for (var b = 0; b < x[i] + a; b++)
                {
                    for (var c = 0; c < x[i] + b; c++)
                    {
                        for (var d = 0; d < x[i] + c; d++)
                        {
                            sum += ((x[i] ^ 1_000) + (x[i] ^ 2_000) + (x[i] ^ 3_000) + (x[i] ^ 4_000)) * ((x[i] ^ 5_000) + (x[i] ^ 6_000));
                            sum += ((x[i] ^ 1_100) + (x[i] ^ 2_100) + (x[i] ^ 3_100) + (x[i] ^ 4_100)) * ((x[i] ^ 5_100) + (x[i] ^ 6_100));
                            sum += ((x[i] ^ 1_200) + (x[i] ^ 2_200) + (x[i] ^ 3_200) + (x[i] ^ 4_200)) * ((x[i] ^ 5_200) + (x[i] ^ 6_200));
                        }
                    }
                }
            }

            y[i] = sum;
        },
        "xy",
        (1, 20),
        20,
        20);

    /// <summary>Expects the safe accesses to be those to views whose names begin with the letters of <paramref name="wanted"/>.</summary>
    private static void Finds(Delegate kernel, string wanted, (int Y, int X) extent, params object[] lengths)
    {
        var program = GridOptimizer.Optimize(KernelReader.ReadGrid(kernel.Method, kernel.Target), contraction: true);
        var safe = Ranges.Safe(
            program,
            [extent.X, extent.Y, 1],
            (view, dimension) => view.Capture is not null ? table.Length
                : lengths[view.Index] is int length ? length
                : dimension == 0 ? (((int, int))lengths[view.Index]).Item1
                : (((int, int))lengths[view.Index]).Item2,
            _ => default);
        var found = safe.Select(statement => statement switch
        {
            LoadStatement load => load.Source.Name[0],
            StoreStatement store => store.Target.Name[0],
            _ => '?',
        });
        Assert.Equal(string.Concat(wanted.Order()), string.Concat(found.Order()));
    }
}
