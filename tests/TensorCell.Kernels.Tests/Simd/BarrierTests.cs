namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Barriers within branches and loops that all items of a group take alike, by whatever that is known.</summary>
[Collection(nameof(EngineSettings))]
public sealed class BarrierTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Divisions_and_elements_that_all_items_read_decide(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        float[] x = [.. Enumerable.Range(0, 40).Select(i => (float)(i * 7 % 11))];
        var (sums, turns) = (new float[5], new int[40]);
        GridKernel.Compile(SumOfSome).Launch(40, x, new[] { 1, 0, 4 }, sums, turns);
        Assert.Equal(Enumerable.Range(0, 5).Select(g => g % 3 == 1 ? x[g * 8] : x.Skip(g * 8).Take(8).Sum()), sums);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i / 8 % 3 == 1 ? 0 : 3 * Math.Min(5, (int)x[i])), turns);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Branches_and_loops_that_only_read_decide(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        foreach (var (first, second) in ((int, int)[])[(0, 0), (0, 3), (3, 0), (3, 3)])
        {
            int[] limits = [first, second, 5, 4, 0, 9];
            int[] x = [.. Enumerable.Range(1, 16)];
            var found = (int[])x.Clone();
            GridKernel.Compile(Turned).Launch(16, found, limits);
            var turns = first > 1 && second > 2 ? limits.Skip(2).TakeWhile(limit => limit > 0).Count() : 0;
            Assert.Equal(x.Select((_, i) => (i / 8 * 8) + ((i + turns) % 8) + 1), found);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void What_every_item_has_just_written_is_read(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var (found, one) = (new int[16], new int[1]);
        GridKernel.Compile(Told).Launch(16, found, one, 3);
        Assert.All(found, sum => Assert.Equal(3 + 3 + 4 + 4, sum));
    }

    [Kernel(GroupX = 8)]
    private static void SumOfSome(Group g, View<float> x, View<int> isSummed, View<float> sums, View<int> turns)
    {
        var tile = g.Shared<float>(8);
        var t = g.Local.X;
        tile[t] = x[g.Global.X];
        g.Barrier();
        for (var k = 4; k > 0; k /= 2)
        {
            if (isSummed[g.Index.X % isSummed.Length] > 0)
            {
                for (var turn = 0; turn < 5 && turn < x[g.Global.X]; turn++)
                {
                    turns[g.Global.X]++;
                }

                if (t < k)
                {
                    tile[t] += tile[t + k];
                }

                g.Barrier();
            }
        }

        if (t == 0)
        {
            sums[g.Index.X] = tile[0];
        }
    }

    [Kernel(GroupX = 8)]
    private static void Turned(Group g, View<int> x, View<int> limits)
    {
        var tile = g.Shared<int>(8);
        var t = g.Local.X;
        tile[t] = x[g.Global.X];
        var isTurned = limits[0] > 1 && limits[1] > 2;
        var turns = 0;
        while (limits[turns + 2] > 0)
        {
            turns++;
        }

        g.Barrier();
        if (isTurned)
        {
            for (var turn = 0; turn < turns; turn++)
            {
                var next = tile[(t + 1) % 8];
                g.Barrier();
                tile[t] = next;
                g.Barrier();
            }
        }

        x[g.Global.X] = tile[t];
    }

    [Kernel(GroupX = 8)]
    private static void Told(Group g, View<int> sums, View<int> one, int number)
    {
        var tile = g.Shared<int>(1);
        tile[0] = number;
        var sum = tile[0];
        g.Barrier();
        sum += tile[0];
        one[0] = number + 1;
        sum += one[0];
        g.Barrier();
        sums[g.Global.X] = sum + one[0];
    }
}
