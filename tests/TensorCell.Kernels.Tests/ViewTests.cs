namespace TensorCell.Kernels.Tests;

/// <summary>Views in ordinary C#, as where a kernel's method is called directly.</summary>
public sealed class ViewTests
{
    [Fact]
    public void Elements_are_those_of_the_array()
    {
        var (line, plane, space, batch) = (new int[5], new int[3, 5], new int[2, 3, 5], new int[4, 2, 3, 5]);
        View<int> ofLine = line;
        View2<int> ofPlane = plane;
        View3<int> ofSpace = space;
        View4<int> ofBatch = batch;
        for (var place = 0; place < 120; place++)
        {
            var (b, z, y, x) = (place / 30, place / 15 % 2, place / 5 % 3, place % 5);
            ofLine[x] += place;
            ofPlane[y, x] += place;
            ofSpace[z, y, x] += place;
            ofBatch[b, z, y, x] += place;
            Assert.Equal(place, batch[b, z, y, x]);
            Assert.Equal((line[x], plane[y, x], space[z, y, x]), (ofLine[x], ofPlane[y, x], ofSpace[z, y, x]));
        }

        int[] sums = [Enumerable.Range(0, 120).Sum(), line.Sum(), plane.Cast<int>().Sum(), space.Cast<int>().Sum()];
        Assert.Single(sums.Distinct());
        Assert.Equal((5, 5, 5, 4), (ofLine.Length, ofPlane.GetLength(1), ofSpace.GetLength(2), ofBatch.GetLength(0)));
    }

    [Fact]
    public void Places_outside_are_named()
    {
        View<int> line = new int[5];
        View2<int> plane = new int[3, 5];
        View3<int> space = new int[2, 3, 5];
        View4<int> batch = new int[4, 2, 3, 5];
        Fails("index -1 of dimension 0, whose extent is 5", () => line[-1]);
        Fails("index 5 of dimension 1, whose extent is 5", () => plane[2, 5]);
        Fails("index 3 of dimension 1, whose extent is 3", () => space[1, 3, 9]);
        Fails("index 2147483647 of dimension 3, whose extent is 5", () => batch[3, 1, 2, int.MaxValue]);
        Fails("index 0 of dimension 0, whose extent is 0", () => default(View4<int>)[0, 0, 0, 0]);
        Assert.Contains("dimension 2 of 2", Assert.Throws<ArgumentOutOfRangeException>(() => plane.GetLength(2)).Message);
        Assert.Equal((0, 0), (default(View<int>).Length, default(View3<int>).GetLength(2)));

        static void Fails(string message, Func<int> read) =>
            Assert.Contains(message, Assert.Throws<IndexOutOfRangeException>(() => { read(); }).Message);
    }

    [Fact]
    public void A_view_of_nothing_is_launched_with_no_elements()
    {
        var kernel = GridKernel.Compile((int i, View<int> nothing, View<int> length) => length[i] = nothing.Length);
        var length = new int[] { 7 };
        kernel.Launch(1, default(View<int>), length);
        Assert.Equal([0], length);
    }
}
