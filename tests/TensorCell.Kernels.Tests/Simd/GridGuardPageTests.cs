using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Tests.Grid;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>
/// Grid kernels on views that lie against pages nobody may touch: a load or store beyond a view, even of a lane that is masked off, ends the
/// process. What they compute is what the interpreter does, and bytes between elements stay as they are.
/// </summary>
[Collection(nameof(EngineSettings))]
public sealed class GridGuardPageTests
{
    private static readonly int[] layouts = [0, 1, 2, 3, 4];

    public static TheoryData<string> Kernels =>
        [.. typeof(Samples).GetMethods().Where(method => method.IsStatic).Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernels_stay_within_their_views(string name)
    {
        GuardedMemory.SkipUnlessSupported();
        var program = KernelReader.ReadGrid(typeof(Samples).GetMethod(name)!, null);
        var random = new Random(name.Length);
        var (isChecked, isUnchecked) = (new GridKernel(program), new GridKernel(program with { Unchecked = true }));
        foreach (var extent in Extents(program.Rank))
        {
            var plain = Case(program, extent, random);
            foreach (var layout in layouts)
            {
                var test = plain with { Views = [.. plain.Views.Select((view, i) => view.Arranged(layouts[(layout + (i * extent.X)) % layouts.Length]))] };
                var wanted = test.Copy();
                wanted.Interpret();
                foreach (var bits in (int[])[128, 256, 512])
                {
                    using var settings = new EngineSettings(bits, contraction: false);
                    foreach (var atEnd in (bool[])[false, true])
                    {
                        foreach (var kernel in (GridKernel[])[isChecked, isUnchecked])
                        {
                            var found = test.Copy();
                            found.LaunchGuarded(kernel, atEnd);
                            var wrong = found.Difference(wanted) ?? found.DifferenceBetweenElements(wanted);
                            Assert.True(wrong is null, $"{name} over {extent}, layout {layout}, {bits} bits, {(atEnd ? "ending" : "beginning")} at a guard: {wrong}\n{program}");
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Random_kernels_stay_within_their_views(int bits)
    {
        GuardedMemory.SkipUnlessSupported();
        using var settings = new EngineSettings(bits, contraction: false);
        var random = new Random(bits);
        var generator = new GridProgramGenerator(random);
        for (var trial = 0; trial < 60; trial++)
        {
            var test = generator.Next(random.Next(1, 20), isInRange: true);
            var wanted = test.Copy();
            wanted.Interpret();
            foreach (var kernel in (GridKernel[])[new(test.Program), new(test.Program with { Unchecked = true })])
            {
                foreach (var atEnd in (bool[])[false, true])
                {
                    var found = test.Copy();
                    found.LaunchGuarded(kernel, atEnd);
                    var wrong = found.Difference(wanted) ?? found.DifferenceBetweenElements(wanted);
                    Assert.True(wrong is null, $"{bits} bits, trial {trial}: {wrong}\n{test.Program}");
                }
            }
        }
    }

    private static (int Z, int Y, int X)[] Extents(int rank) => rank switch
    {
        1 => [.. Enumerable.Range(1, 19).Concat([31, 32, 33, 35, 63, 65, 129]).Select(count => (1, 1, count))],
        2 => [(1, 1, 1), (1, 3, 7), (1, 7, 3), (1, 2, 16), (1, 5, 17), (1, 4, 31), (1, 3, 33), (1, 2, 70), (1, 40, 2)],
        _ => [(1, 1, 1), (2, 3, 5), (3, 2, 16), (2, 2, 17), (2, 3, 35), (5, 7, 2)],
    };

    /// <summary>Views of just the index space, but for tables, whose rows are its columns; indices that lie within and, where they are not used, beyond.</summary>
    private static GridCase Case(GridProgram program, (int Z, int Y, int X) extent, Random random)
    {
        int[] space = [extent.Z, extent.Y, extent.X];
        GridCaseView View(ViewOperand operand)
        {
            int[] lengths = operand.Name switch
            {
                "pairs" => [2 * extent.X],
                "turned" => [extent.X, extent.Y],
                "row" => [extent.X],
                "column" => [extent.Y],
                "more" => [extent.X + 1],
                _ => space[^operand.Rank..],
            };
            var strides = new long[lengths.Length];
            long count = 1;
            for (var d = lengths.Length - 1; d >= 0; d--)
            {
                strides[d] = count;
                count *= lengths[d];
            }

            var view = new GridCaseView(operand, lengths, strides, 0, new byte[count * operand.Storage.Size]);
            foreach (var index in view.Indices())
            {
                view.Write(index, operand.Name switch
                {
                    "places" => Scalar.From(operand.Storage.Computed, random.Next(3) switch { 0 => -1, 1 => int.MinValue, _ => random.Next(extent.X) }),
                    "flags" => Scalar.From(operand.Storage.Computed, random.Next(2)),
                    _ => Scalar.From(operand.Storage.Computed, random.Next(-40, 40)),
                });
            }

            return view;
        }

        return new(program, [extent.X, extent.Y, extent.Z], [.. program.Views.Select(View)], [.. program.Uniforms.Select(type => Scalar.From(type, 3))]);
    }

    private static class Samples
    {
        public static void Sum(int i, View<float> x, View<float> y) => y[i] = (2 * x[i]) + y[i];

        public static void Wide(int i, View<double> x, View<long> y) => y[i] = (long)x[i] + y[i];

        public static void Bytes(int i, View<byte> x, View<sbyte> y) => y[i] = (sbyte)(x[i] - y[i]);

        public static void Halves(int i, View<Half> x, View<ushort> y) => y[i] = (ushort)((float)x[i] + y[i]);

        public static void Truths(int i, View<bool> flags, View<double> x, View<bool> y) => y[i] = flags[i] ^ x[i] > 1;

        public static void Mixed(int i, View<byte> x, View<double> y, View<short> z) => (y[i], z[i]) = (x[i] * 0.5, (short)(y[i] + x[i]));

        public static void Neighbours(int i, View<float> x, View<float> y)
        {
            if (i > 0 && i < x.Length - 1)
            {
                y[i] = x[i - 1] + (2 * x[i]) + x[i + 1];
            }
            else
            {
                y[i] = x[i];
            }
        }

        public static void ShortNeighbours(int i, View<short> x, View<byte> y) => y[i] = (byte)((i > 0 ? x[i - 1] : 0) + (i + 1 < x.Length ? x[i + 1] : 0));

        public static void Clamped(int i, View<double> x, View<double> y) => y[i] = x[Math.Max(i - 3, 0)] - x[Math.Min(i + 5, x.Length - 1)];

        public static void Flagged(int i, View<bool> flags, View<float> x, View<float> y)
        {
            if (flags[i] && i + 5 < x.Length)
            {
                y[i] = x[i + 5];
            }
        }

        public static void Gathered(int i, View<int> places, View<float> x, View<float> y) => y[i] = places[i] >= 0 ? x[places[i]] : -1;

        public static void GatheredBytes(int i, View<int> places, View<byte> x, View<Half> y) => y[i] = places[i] >= 0 ? (Half)(float)x[places[i]] : (Half)2f;

        public static void GatheredWide(int i, View<long> places, View<double> x, View<long> y)
        {
            if (places[i] >= 0)
            {
                y[i] += (long)x[(int)places[i]];
            }
        }

        public static void Scattered(int i, View<bool> flags, View<ushort> more, View<ushort> x)
        {
            if (flags[i])
            {
                more[i + 1] = x[i];
            }
        }

        public static void ScatteredWide(int i, View<double> x, View<double> more)
        {
            if (x[i] > 3)
            {
                more[more.Length - 1 - i] = x[i];
            }
        }

        public static void EverySecond(int i, View<float> pairs, View<float> y) => y[i] = pairs[2 * i] - pairs[(2 * i) + 1];

        public static void Backwards(int i, View<int> x, View<short> y) => y[i] = (short)x[x.Length - 1 - i];

        public static void Window(int i, View<float> x, View<float> y, int reach)
        {
            var sum = 0f;
            for (var k = Math.Max(0, i - reach); k < Math.Min(x.Length, i + reach); k++)
            {
                sum += x[k];
            }

            y[i] = sum;
        }

        public static void Search(int i, View<int> x, View<byte> y)
        {
            var k = 0;
            while (i + k < x.Length && x[i + k] < 20)
            {
                k++;
            }

            y[i] = (byte)k;
        }

        public static void Whole(int i, View<float> x, View<double> y)
        {
            var sum = 0.0;
            for (var k = 0; k < x.Length; k++)
            {
                sum += x[k] * ((k & 3) + i);
            }

            y[i] = sum;
        }

        public static void Added(int i, View<int> places, View<int> x, View<float> y)
        {
            if (places[i] >= 0)
            {
                Atomic.Add(ref x[places[i]], i);
                Atomic.Max(ref y[places[i]], i * 0.5f);
            }
        }

        public static void Planes(Index2 i, View2<float> x, View2<float> y)
        {
            if (i.Y == 0 || i.X == 0 || i.Y == x.GetLength(0) - 1 || i.X == x.GetLength(1) - 1)
            {
                y[i.Y, i.X] = x[i.Y, i.X];
                return;
            }

            y[i.Y, i.X] = x[i.Y, i.X] + x[i.Y - 1, i.X] + x[i.Y + 1, i.X] + x[i.Y, i.X - 1] + x[i.Y, i.X + 1];
        }

        public static void PlanesWide(Index2 i, View2<double> x, View2<byte> y) => y[i.Y, i.X] =
            (byte)((i.X > 0 ? x[i.Y, i.X - 1] : 0) + (i.Y + 1 < x.GetLength(0) ? x[i.Y + 1, i.X] : 1));

        public static void Turned(Index2 i, View2<float> turned, View2<Half> y, View<double> row, View<byte> column) =>
            y[i.Y, i.X] = (Half)(turned[i.X, i.Y] + (float)row[i.X] + column[i.Y]);

        public static void Rows(int i, View2<float> x, View<float> y)
        {
            var sum = 0f;
            for (var k = 0; k < x.GetLength(1); k++)
            {
                sum += x[0, k];
            }

            y[i] = sum + x[0, i];
        }

        public static void Cubes(Index3 i, View3<float> x, View3<float> y)
        {
            var sum = x[i.Z, i.Y, i.X];
            if (i.Z > 0)
            {
                sum += x[i.Z - 1, i.Y, i.X];
            }

            if (i.Y + 1 < x.GetLength(1))
            {
                sum -= x[i.Z, i.Y + 1, i.X];
            }

            if (i.X > 0 && i.X + 1 < x.GetLength(2))
            {
                sum += x[i.Z, i.Y, i.X - 1] * x[i.Z, i.Y, i.X + 1];
            }

            y[i.Z, i.Y, i.X] = sum;
        }

        public static void CubesOfBytes(Index3 i, View3<ushort> x, View3<long> y, View2<sbyte> z) =>
            y[i.Z, i.Y, i.X] = x[i.Z, i.Y, Math.Max(0, i.X - 2)] - z[i.Y, i.X];
    }
}
