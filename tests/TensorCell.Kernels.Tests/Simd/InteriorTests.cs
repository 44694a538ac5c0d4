using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Kernels whose guards and clamps matter only near the ends of a row: they agree with plain loops, and their middle is plain.</summary>
[Collection(nameof(EngineSettings))]
public sealed class InteriorTests
{
    private static readonly Dictionary<string, Action<Index2, View2<float>, View2<float>, int>> kernels = new()
    {
        ["clamped"] = (i, x, y, by) =>
        {
            var (height, width) = (x.GetLength(0), x.GetLength(1));
            var (above, left) = (Math.Max(i.Y - by, 0), Math.Max(i.X - by, 0));
            var (below, right) = (Math.Min(i.Y + by, height - 1), Math.Min(i.X + by, width - 1));
            y[i.Y, i.X] = x[above, i.X] + (2 * x[below, i.X]) + (3 * x[i.Y, left]) + (4 * x[i.Y, right]);
        },
        ["clamped by both"] = (i, x, y, by) => y[i.Y, i.X] = x[i.Y, Math.Clamp(i.X - by, 0, x.GetLength(1) - 1)],
        ["wrapped"] = (i, x, y, by) =>
        {
            var width = x.GetLength(1);
            y[i.Y, i.X] = x[i.Y, (i.X + by) % width] - x[i.Y, (i.X - by + width) % width];
        },
        ["chosen"] = (i, x, y, by) =>
        {
            var left = i.X < by ? i.X : i.X - by;
            var right = i.X + by >= x.GetLength(1) ? by - 1 : i.X + by;
            y[i.Y, i.X] = x[i.Y, left] * x[i.Y, right];
        },
        ["guarded"] = (i, x, y, by) =>
        {
            if (i.X >= by && i.X < x.GetLength(1) - by && i.Y > 0)
            {
                y[i.Y, i.X] = x[i.Y - 1, i.X + by] - x[i.Y, i.X - by];
            }
            else
            {
                y[i.Y, i.X] = -1;
            }
        },
        ["left out"] = (i, x, y, by) =>
        {
            if (i.X != by && by + 2 > i.X - 70)
            {
                y[i.Y, i.X] += i.X;
            }
        },
        ["a half"] = (i, x, y, by) => y[i.Y, i.X] = i.X < x.GetLength(1) / 2 ? x[i.Y, i.X] : by,
        ["a triangle"] = (i, x, y, by) => y[i.Y, i.X] = i.X < i.Y + by ? x[i.Y, i.X] : 0,
        ["far away"] = (i, x, y, by) => y[i.Y, i.X] = i.X - by > int.MaxValue - 100 || i.X == int.MinValue + by ? 0 : x[i.Y, i.X],
        ["wide"] = (i, x, y, by) =>
        {
            long at = i.X;
            y[i.Y, i.X] = at + by < x.GetLength(1) ? x[i.Y, (int)(at + by)] : 7;
        },
    };

    public static TheoryData<int, string> Cases
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var bits in (int[])[128, 256, 512])
            {
                foreach (var name in kernels.Keys)
                {
                    data.Add(bits, name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows_of_every_length_agree(int bits, string name)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var kernel = GridKernel.Compile(kernels[name]);
        foreach (var (height, width) in ((int, int)[])[(3, 5), (2, 127), (3, 128), (2, 191), (4, 256), (2, 300), (3, 1000), (2, 1025)])
        {
            foreach (var by in (int[])[1, 2, 64])
            {
                var x = new float[height, width];
                for (var i = 0; i < x.Length; i++)
                {
                    x[i / width, i % width] = ((i * 7919) % 1013) - 500;
                }

                if (by >= width)
                {
                    continue;
                }

                var (found, wanted) = (new float[height, width], new float[height, width]);
                for (var i = 0; i < x.Length; i++)
                {
                    kernels[name](new Index2(i / width, i % width), x, wanted, by);
                }

                kernel.Launch((height, width), x, found, by);
                Assert.Equal(wanted, found);
            }
        }
    }

    [Theory]
    [InlineData("clamped", 2, 998)]
    [InlineData("clamped by both", 2, 1000)]
    [InlineData("wrapped", 2, 998)]
    [InlineData("chosen", 2, 998)]
    [InlineData("guarded", 2, 998)]
    [InlineData("wide", 0, 998)]
    public void The_middle_is_without_conditions_and_gathers(string name, int low, int high)
    {
        var program = GridOptimizer.Optimize(GridKernel.Compile(kernels[name]).Program, contraction: false);
        var found = Find(program);
        Assert.Equal((low, high), (found!.Value.Low, found.Value.High));
        var plan = new GridPlan(
            Interior.Apply(program, found.Value.Choices), 256, [1, 1], new HashSet<Statement>(), new HashSet<Node>(), GridLayout.MostItems, isInterior: true);
        Assert.All(plan.Accesses, access => Assert.Equal(GridAccessKind.Contiguous, access.Kind));
        Assert.All(plan.Program.Body.Descendants().OfType<IfStatement>(), branch => Assert.True(plan.Of(branch.Condition).IsUniform));
        Assert.DoesNotContain(plan.Program.Body.Descendants(), statement => statement is LetStatement);
    }

    [Theory]
    [InlineData("a half")]
    [InlineData("a triangle")]
    public void Conditions_that_divide_rows_elsewhere_stay(string name) =>
        Assert.Null(Find(GridOptimizer.Optimize(GridKernel.Compile(kernels[name]).Program, contraction: false)));

    [Fact]
    public void Errors_in_the_middle_name_the_view_and_the_first_item()
    {
        var kernel = GridKernel.Compile((Index2 i, View2<float> image, View<float> row) =>
        {
            image[i.Y, i.X] = i.X == 0 ? 1 : row[i.X + (i.Y * 2)];
        });
        var error = Assert.Throws<IndexOutOfRangeException>(() => kernel.Launch((4, 1000), new float[4, 1000], new float[1001]));
        Assert.Contains("row", error.Message);
        Assert.Contains("1001", error.Message);
    }

    private static (string Choices, int Low, int High)? Find(GridProgram program) => Interior.Find(program, 1000, node => node switch
    {
        LengthNode { Dimension: 0 } => 3,
        LengthNode => 1000,
        UniformNode => 2,
        _ => null,
    });
}
