namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Conditions that ask only where along X an item lies: their lanes are found from the place, not compared one by one.</summary>
[Collection(nameof(EngineSettings))]
public sealed class PlaceConditionTests
{
    private static readonly int[] limits = [int.MinValue, int.MinValue + 1, -1, 0, 1, 7, 63, 64, 65, 130, int.MaxValue - 1, int.MaxValue];

    public static TheoryData<int, string> Kernels
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var bits in (int[])[128, 256, 512])
            {
                foreach (var name in conditions.Keys)
                {
                    data.Add(bits, name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Hold_where_the_method_says(int bits, string name)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var method = conditions[name];
        var kernel = GridKernel.Compile(method);
        foreach (var (first, second) in limits.SelectMany(first => limits.Select(second => (first, second))))
        {
            var (wanted, found) = (new int[2, 131], new int[2, 131]);
            for (var y = 0; y < 2; y++)
            {
                for (var x = 0; x < 131; x++)
                {
                    method((y, x), wanted, first, second);
                }
            }

            kernel.Launch((2, 131), found, first, second);
            Assert.True(wanted.Cast<int>().SequenceEqual(found.Cast<int>()), $"{first}, {second}: {string.Join(' ', found.Cast<int>())}");
        }
    }

    // What is stored depends on the item, so that a branch cannot become a choice between uniform values.
    private static readonly Dictionary<string, Action<Index2, int[,], int, int>> conditions = new()
    {
        ["equal"] = (i, y, a, b) =>
        {
            if (i.X == a)
            {
                y[i.Y, i.X] += i.X + 1;
            }
        },
        ["not equal"] = (i, y, a, b) =>
        {
            if (i.X != a)
            {
                y[i.Y, i.X] += i.X + 1;
            }
        },
        ["less"] = (i, y, a, b) =>
        {
            if (i.X < a)
            {
                y[i.Y, i.X] += i.X + 1;
            }
            else
            {
                y[i.Y, i.X] -= i.X + 1;
            }
        },
        ["less or equal"] = (i, y, a, b) =>
        {
            if (i.X <= a)
            {
                y[i.Y, i.X] += i.X + 1;
            }
            else
            {
                y[i.Y, i.X] -= i.X + 1;
            }
        },
        ["greater"] = (i, y, a, b) =>
        {
            if (i.X > a)
            {
                y[i.Y, i.X] += i.X + 1;
            }
            else
            {
                y[i.Y, i.X] -= i.X + 1;
            }
        },
        ["greater or equal"] = (i, y, a, b) =>
        {
            if (i.X >= a)
            {
                y[i.Y, i.X] += i.X + 1;
            }
            else
            {
                y[i.Y, i.X] -= i.X + 1;
            }
        },
        ["the limit first"] = (i, y, a, b) =>
        {
            if (a < i.X)
            {
                y[i.Y, i.X] += i.X + 1;
            }

            if (b >= i.X)
            {
                y[i.Y, i.X] += 1000 * (i.X + 1);
            }
        },
        ["both"] = (i, y, a, b) =>
        {
            if (i.X >= a & i.X < b)
            {
                y[i.Y, i.X] += i.X + 1;
            }
        },
        ["either"] = (i, y, a, b) =>
        {
            if (i.X < a | i.X == b)
            {
                y[i.Y, i.X] += i.X + 1;
            }
            else
            {
                y[i.Y, i.X] -= i.X + 1;
            }
        },
        ["not both"] = (i, y, a, b) =>
        {
            if (!(i.X > a & i.X != b))
            {
                y[i.Y, i.X] += i.X + 1;
            }
        },
        ["one after another"] = (i, y, a, b) =>
        {
            if (i.X > 0 && i.X < 130 && i.X != a && (i.X <= b || i.X > 64))
            {
                y[i.Y, i.X] += i.X + 1;
            }
        },
        ["with what is uniform"] = (i, y, a, b) =>
        {
            if ((i.Y == 1 | i.X <= a) & b > 7)
            {
                y[i.Y, i.X] += i.X + 1;
            }
        },
        ["limits that wrap"] = (i, y, a, b) =>
        {
            if (i.X < a + 1 | i.X > b - 1)
            {
                y[i.Y, i.X] += i.X + 1;
            }
        },
        ["in a loop"] = (i, y, a, b) =>
        {
            for (var k = a; k > a - 3; k--)
            {
                if (i.X >= k)
                {
                    y[i.Y, i.X] += i.X + 1;
                }
            }
        },
        ["leaving early"] = (i, y, a, b) =>
        {
            if (i.X <= a)
            {
                return;
            }

            if (i.X == b)
            {
                y[i.Y, i.X] = -1;
                return;
            }

            y[i.Y, i.X] = i.X;
        },
    };
}
