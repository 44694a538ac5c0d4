using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using TensorCell.Interactive.Magics;
using TensorCell.Interactive.Tests.Magics;
using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Interactive.Tests;

/// <summary>The machine code of kernels at every width of vectors that this machine has.</summary>
[Collection(nameof(ProfileMagicTests))]
public sealed partial class DisassemblerTests : IDisposable
{
    private readonly int bits = VectorWidth.Bits;

    public void Dispose() => VectorWidth.Bits = bits;

    [Theory]
    [InlineData(128, "xmm")]
    [InlineData(256, "ymm")]
    [InlineData(512, "zmm")]
    public void A_product_and_a_sum_are_fused_on_vectors_without_spills(int width, string register)
    {
        Need(width);
        var hot = HotLoop(KernelFunction.From((float x, float y) => (x * y) + 0.25f), out var code);
        Assert.Equal([width], hot.VectorBits);
        Assert.Equal((0, 0, 0, 0), (hot.Spills, hot.Gathers, hot.Divisions, hot.Calls));
        Assert.True(hot.FusedMultiplyAdds >= 1 && hot.Arithmetic == hot.FusedMultiplyAdds && hot.FusedShare == 1);
        Assert.Equal(hot.FusedMultiplyAdds, hot.Stores);
        Assert.True(hot.Loads >= 2 * hot.Stores, $"{hot.Loads} loads");
        Assert.Contains(code.Hot, instruction => instruction.Text.StartsWith("vfmadd", StringComparison.Ordinal) && instruction.Text.Contains(register, StringComparison.Ordinal));
        Assert.True(code.Hot.First().Label.Length > 0);
        Assert.Contains(code.Hot.First().Label, code.Hot.Last().Text);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Elementary_functions_stay_in_registers(int width)
    {
        Need(width);
        foreach (var operation in (UnaryOperation[])[UnaryOperation.Exp, UnaryOperation.Tanh, UnaryOperation.Sigmoid])
        {
            var hot = HotLoop(KernelFunction.Create($"{operation}", [DType.Float32], [], Node.Unary(operation, Node.Parameter(0, DType.Float32))), out _);
            Assert.True(hot is { Spills: 0, Calls: 0 }, $"{operation} at {width} bits: {hot}");
        }
    }

    [Fact]
    public void Divisions_and_square_roots_are_counted()
    {
        Need(128);
        var hot = HotLoop(KernelFunction.From((double x, double y) => Math.Sqrt(x) / y), out var code);
        Assert.True(hot.Divisions > 0 && hot.Divisions == hot.SquareRoots);
        Assert.Contains("divpd", code.ToString());
        Assert.Equal(code.Code.Bytes.Length, code.Instructions[^1].Offset + 1);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void The_middle_of_rows_runs_without_spills_calls_or_gathers(int width)
    {
        Need(width);
        Delegate[] kernels =
        [
            (int i, float[] x, float[] y, float a) => { y[i] = (a * x[i]) + y[i]; },
            (int i, double[] x, double[] y) => { y[i] = (x[i] * x[i]) + 1; },
            (int i, byte[] x, byte[] y) => { y[i] = (byte)Math.Min(255, x[i] * 3 / 2); },
            (int i, int[] x, int[] y) => { y[i] = (x[i] / 7) + (x[i] % 10); },
            (int i, uint[] x, int[] by, uint[] y) => { y[i] = (x[i] << by[i]) ^ (x[i] >> by[i]) ^ (x[i] / 10); },
            (int i, long[] x, int[] by, long[] y) => { y[i] = (x[i] >> by[i]) - (x[i] % 16); },
            (Index2 i, float[,] source, float[,] target) =>
            {
                target[i.Y, i.X] = 0.25f * (source[i.Y, i.X] + source[i.Y, i.X + 1] + source[i.Y + 1, i.X] + source[i.Y + 1, i.X + 1]);
            },
        ];
        foreach (var kernel in kernels)
        {
            var code = GridKernel.Compile(kernel).Explain().Code.First(code => code.Description.Contains("the middle of rows"));
            var hot = Assert.IsType<LoopCounts>(DisassembledCode.Of(code).HotLoop);
            Assert.True(hot is { Spills: 0, Calls: 0, Gathers: 0 }, $"{kernel.Method.Name} at {width} bits: {hot}");
            Assert.Contains(width, hot.VectorBits);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Loops_alike_for_all_lanes_spread_what_they_load_and_carry_sums_in_place(int width)
    {
        Need(width);
        var kernel = GridKernel.Compile((int i, float[] x, float[] sums) =>
        {
            float sum = 0, squares = 0;
            for (var j = 0; j < x.Length; j++)
            {
                var way = x[j] - x[i];
                sum += way;
                squares += way * way;
            }

            sums[i] = sum * squares;
        });
        var code = DisassembledCode.Of(kernel.Explain().Code.First(code => code.Description.Contains("the middle of rows")));
        var hot = Assert.IsType<LoopCounts>(code.HotLoop);
        Assert.True(hot is { Spills: 0, Calls: 0, Gathers: 0 }, $"{hot}");
        Assert.Contains(code.Hot, instruction => instruction.Text.StartsWith("vbroadcastss", StringComparison.Ordinal) && instruction.Text.Contains('['));
        Assert.DoesNotContain(code.Hot, instruction => instruction.Text.StartsWith("vmov", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Loops_that_lanes_leave_one_by_one_and_guarded_rows_hold_their_values_in_registers(int width)
    {
        Need(width);
        Delegate[] kernels =
        [
            (Index2 i, int[,] counts, float step) =>
            {
                float x = (i.X * step) - 2, y = (i.Y * step) - 1.5f, zx = 0, zy = 0;
                var count = 0;
                while (count < 200 && (zx * zx) + (zy * zy) <= 4)
                {
                    (zx, zy) = ((zx * zx) - (zy * zy) + x, (2 * zx * zy) + y);
                    count++;
                }

                counts[i.Y, i.X] = count;
            },
            (Index2 i, float[,] source, float[,] target) =>
            {
                var (height, breadth) = (source.GetLength(0), source.GetLength(1));
                target[i.Y, i.X] = i.Y == 0 || i.X == 0 || i.Y == height - 1 || i.X == breadth - 1
                    ? source[i.Y, i.X]
                    : source[i.Y, i.X] + (0.1f * (source[i.Y - 1, i.X] + source[i.Y + 1, i.X] + source[i.Y, i.X - 1] + source[i.Y, i.X + 1] - (4 * source[i.Y, i.X])));
            },
        ];
        foreach (var kernel in kernels)
        {
            var compiled = GridKernel.Compile(kernel);
            compiled.Launch((8, 1024), kernel == kernels[0] ? [new int[8, 1024], 0.01f] : [new float[8, 1024], new float[8, 1024]]);
            var codes = compiled.Explain().Code.Where(code => code.Description.Contains("the middle of rows")).ToList();
            Assert.NotEmpty(codes);
            foreach (var code in codes)
            {
                // What lanes that leave had is read and written as they leave, which most turns none does.
                var copies = int.Parse(CopiesInFlight().Match(code.Description).Groups[1].Value, CultureInfo.InvariantCulture);
                var hot = Assert.IsType<LoopCounts>(DisassembledCode.Of(code).HotLoop);
                Assert.True(
                    hot is { Calls: 0, Gathers: 0 } && hot.Spills <= (kernel == kernels[0] ? 2 * copies : 0),
                    $"{kernel.Method.Name} at {width} bits, {code.Description}: {hot}");
            }
        }
    }

    [GeneratedRegex("(\\d+) x \\d+ items")]
    private static partial Regex CopiesInFlight();

    private static LoopCounts HotLoop(KernelFunction function, out DisassembledCode code)
    {
        code = DisassembledCode.Of(Assert.Single(function.Explain().Code));
        return Assert.IsType<LoopCounts>(code.HotLoop);
    }

    private static void Need(int width)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the instructions of x86 processors alone are decoded");
        Assert.SkipUnless(
            width switch
            {
                512 => Vector512.IsHardwareAccelerated,
                256 => Vector256.IsHardwareAccelerated,
                _ => true,
            },
            $"this processor has no vectors of {width} bits");
        VectorWidth.Bits = width;
    }
}
