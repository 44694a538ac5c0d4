using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Tests.Grid;

namespace TensorCell.Kernels.Tests;

/// <summary>Which views are found to be filled by a kernel, so that what they held before does not matter.</summary>
public sealed class StoredViewsTests
{
    public static TheoryData<string, bool, Delegate> Kernels => new()
    {
        { "a store", true, (int i, float[] x, float[] y) => y[i] = x[i] },
        { "over two axes", true, (Index2 i, float[,] x, float[,] y) => y[i.Y, i.X] = x[i.X, i.Y] },
        { "axes exchanged", false, (Index2 i, float[,] x, float[,] y) => y[i.X, i.Y] = x[i.Y, i.X] },
        { "another item's element", false, (int i, float[] x, float[] y) => y[x.Length - 1 - i] = x[i] },
        { "both branches", true, (int i, float[] x, float[] y) => { if (x[i] > 0) { y[i] = 1; } else { y[i] = -1; } } },
        { "one branch", false, (int i, float[] x, float[] y) => { if (x[i] > 0) { y[i] = 1; } } },
        { "an early return", false, (int i, float[] x, float[] y) => { if (x[i] < 0) { return; } y[i] = 1; } },
        { "a sum from zero", true, (int i, float[] x, float[] y) => { y[i] = 0; for (var j = 0; j < x.Length; j++) { y[i] += x[j]; } } },
        { "a sum from what is there", false, (int i, float[] x, float[] y) => y[i] += x[i] },
        { "a neighbour read", false, (int i, float[] x, float[] y) => { y[i] = x[i]; y[i] = y[y.Length - 1 - i]; } },
        { "a loop that may not turn", false, (int i, float[] x, float[] y) => { for (var j = 0; j < x.Length; j++) { y[i] = x[j]; } } },
        { "a loop that turns", true, (int i, float[] x, float[] y) => { var j = 0; do { y[i] = x[j]; j++; } while (j < x.Length); } },
        { "an atomic", false, (int i, float[] x, float[] y) => { y[i] = x[i]; Atomic.Add(ref y[i], 1); } },
    };

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Filled_is_what_every_item_stores_before_it_is_read(string what, bool isFilled, Delegate kernel)
    {
        var program = GridReference.Read(kernel);
        Assert.True(isFilled == StoredViews.IsFilled(program, program.Views[1]), $"{what}\n{program}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_filled_view_held_before_changes_nothing(int seed)
    {
        var random = new Random(seed);
        var generator = new GridProgramGenerator(random);
        var filled = 0;
        for (var trial = 0; trial < 300; trial++)
        {
            var test = generator.Next(random.Next(1, 12), isInRange: true);
            var (first, second) = (test.Copy(), test.Copy());
            foreach (var view in second.Views.Where(view => StoredViews.IsFilled(test.Program, view.Operand)))
            {
                // Of what a view with strides leaves out, nothing is compared.
                random.NextBytes(view.Bytes);
                filled++;
            }

            first.Interpret();
            second.Interpret();
            Assert.True(first.Difference(second) is null, $"seed {seed}, trial {trial}: {first.Difference(second)}\n{test.Program}");
        }

        Assert.True(filled > 50, $"only {filled} views are filled");
    }
}
