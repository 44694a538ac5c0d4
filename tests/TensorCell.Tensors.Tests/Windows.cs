namespace TensorCell.Tensors.Tests;

/// <summary>The windows of a pooling, and what they give by its definition.</summary>
internal sealed record Windows(Size2 Input, Size2 Kernel, Size2 Stride, Size2 Padding)
{
    public Size2 Output => (
        ((Input.Height + (2 * Padding.Height) - Kernel.Height) / Stride.Height) + 1,
        ((Input.Width + (2 * Padding.Width) - Kernel.Width) / Stride.Width) + 1);

    public static Windows Random(Random random, int largest)
    {
        while (true)
        {
            Size2 kernel = (random.Next(1, 6), random.Next(1, 6));
            Windows one = new(
                (random.Next(1, largest), random.Next(1, largest)),
                kernel,
                random.Next(2) == 0 ? kernel : (random.Next(1, 5), random.Next(1, 5)),
                (random.Next((kernel.Height / 2) + 1), random.Next((kernel.Width / 2) + 1)));
            if (one.Input.Height + (2 * one.Padding.Height) >= kernel.Height && one.Input.Width + (2 * one.Padding.Width) >= kernel.Width)
            {
                return one;
            }
        }
    }

    public double[] Fold(Sample input, Func<IReadOnlyList<double>, double> fold)
    {
        int[] shape = [input.Numbers.Length / (Input.Height * Input.Width), Output.Height, Output.Width];
        return [.. Reference.Indices(shape).Select(index => fold([.. Places(index).Select(place => input.Numbers[place])]))];
    }

    /// <summary>Gives each window's number to one of its elements.</summary>
    public double[] Unfold(Sample input, double[] numbers, Func<IReadOnlyList<double>, int> choose) => Unfold(input, numbers, elements =>
    {
        double[] shares = new double[elements.Count];
        shares[choose(elements)] = 1;
        return shares;
    });

    /// <summary>Gives the elements of each window shares of the window's number.</summary>
    public double[] Unfold(Sample input, double[] numbers, Func<IReadOnlyList<double>, double[]> share)
    {
        double[] unfolded = new double[input.Numbers.Length];
        int[] shape = [input.Numbers.Length / (Input.Height * Input.Width), Output.Height, Output.Width];
        foreach ((int[] index, double number) in Reference.Indices(shape).Zip(numbers))
        {
            int[] places = [.. Places(index)];
            foreach ((int place, double part) in places.Zip(share([.. places.Select(place => input.Numbers[place])])))
            {
                unfolded[place] += part * number;
            }
        }

        return unfolded;
    }

    private IEnumerable<int> Places(int[] index) =>
        from row in Enumerable.Range((index[1] * Stride.Height) - Padding.Height, Kernel.Height)
        from column in Enumerable.Range((index[2] * Stride.Width) - Padding.Width, Kernel.Width)
        where row >= 0 && row < Input.Height && column >= 0 && column < Input.Width
        select (((index[0] * Input.Height) + row) * Input.Width) + column;
}
