namespace TensorCell.Tensors.Tests;

/// <summary>A random convolution, and its result by the definition.</summary>
internal sealed record ConvolutionReference
{
    /// <summary>How many images.</summary>
    public int Images { get; init; } = 1;

    /// <summary>Groups of channels.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Channels of the input in each group.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Filters in each group.</summary>
    public int Filters { get; init; } = 1;

    /// <summary>Rows and columns of the input.</summary>
    public Size2 Input { get; init; } = 1;

    /// <summary>Rows and columns of the weights.</summary>
    public Size2 Kernel { get; init; } = 1;

    /// <summary>Pixels from one place to the next.</summary>
    public Size2 Stride { get; init; } = 1;

    /// <summary>Zeros on every side.</summary>
    public Size2 Padding { get; init; }

    /// <summary>Pixels from one weight to the next.</summary>
    public Size2 Dilation { get; init; } = 1;

    public int[] InputShape => [Images, Groups * Channels, Input.Height, Input.Width];

    public int[] WeightShape => [Groups * Filters, Channels, Kernel.Height, Kernel.Width];

    public int[] OutputShape => [Images, Groups * Filters, Output.Height, Output.Width];

    public Size2 Output => (
        ((Input.Height + (2 * Padding.Height) - (Dilation.Height * (Kernel.Height - 1)) - 1) / Stride.Height) + 1,
        ((Input.Width + (2 * Padding.Width) - (Dilation.Width * (Kernel.Width - 1)) - 1) / Stride.Width) + 1);

    /// <summary>One that is valid, of at most so many rows and columns.</summary>
    public static ConvolutionReference Random(Random random, int largest)
    {
        while (true)
        {
            ConvolutionReference one = new()
            {
                Images = random.Next(1, 4),
                Groups = random.Next(3) == 0 ? random.Next(1, 5) : 1,
                Channels = random.Next(1, random.Next(2) == 0 ? 4 : 9),
                Filters = random.Next(1, random.Next(3) == 0 ? 30 : 8),
                Input = (random.Next(1, largest), random.Next(1, largest)),
                Kernel = (random.Next(1, 5), random.Next(1, 5)),
                Stride = random.Next(2) == 0 ? 1 : (random.Next(1, 4), random.Next(1, 4)),
                Padding = random.Next(2) == 0 ? 0 : (random.Next(4), random.Next(4)),
                Dilation = random.Next(2) == 0 ? 1 : (random.Next(1, 4), random.Next(1, 4)),
            };
            if (one.Input.Height + (2 * one.Padding.Height) > one.Dilation.Height * (one.Kernel.Height - 1)
                && one.Input.Width + (2 * one.Padding.Width) > one.Dilation.Width * (one.Kernel.Width - 1))
            {
                return one;
            }
        }
    }

    public Tensor Apply(Tensor input, Tensor weights, Tensor? bias = null) =>
        input.Conv2D(weights, bias, Stride, Padding, Dilation, Groups);

    /// <summary>The transposed convolution that leads back to the input's shape.</summary>
    public Tensor ApplyTransposed(Tensor gradient, Tensor weights, Tensor? bias = null)
    {
        Size2 added = (
            Input.Height - (((Output.Height - 1) * Stride.Height) - (2 * Padding.Height) + (Dilation.Height * (Kernel.Height - 1)) + 1),
            Input.Width - (((Output.Width - 1) * Stride.Width) - (2 * Padding.Width) + (Dilation.Width * (Kernel.Width - 1)) + 1));
        return gradient.ConvTranspose2D(weights, bias, Stride, Padding, added, Dilation, Groups);
    }

    /// <summary>The convolution by its definition.</summary>
    public double[] Convolve(double[] input, double[] weights, double[]? bias = null)
    {
        double[] result = new double[(long)Images * Groups * Filters * Output.Height * Output.Width];
        ForEachTerm((output, source, weight) => result[output] += input[source] * weights[weight]);
        AddBias(result, bias, Groups * Filters, Output);
        return result;
    }

    /// <summary>The transposed convolution by its definition.</summary>
    public double[] ConvolveTransposed(double[] gradient, double[] weights, double[]? bias = null)
    {
        double[] result = new double[(long)Images * Groups * Channels * Input.Height * Input.Width];
        ForEachTerm((output, source, weight) => result[source] += gradient[output] * weights[weight]);
        AddBias(result, bias, Groups * Channels, Input);
        return result;
    }

    /// <summary>The weights' gradient by its definition.</summary>
    public double[] WeightGradient(double[] input, double[] gradient)
    {
        double[] result = new double[(long)Groups * Filters * Channels * Kernel.Height * Kernel.Width];
        ForEachTerm((output, source, weight) => result[weight] += input[source] * gradient[output]);
        return result;
    }

    private static void AddBias(double[] result, double[]? bias, int channels, Size2 size)
    {
        for (int index = 0; bias is not null && index < result.Length; index++)
        {
            result[index] += bias[index / (size.Height * size.Width) % channels];
        }
    }

    /// <summary>Calls a function with the places in result, input and weights of every product.</summary>
    private void ForEachTerm(Action<int, int, int> take)
    {
        for (int output = 0; output < Images * Groups * Filters * Output.Height * Output.Width; output++)
        {
            int x = output % Output.Width;
            int y = output / Output.Width % Output.Height;
            int filter = output / (Output.Width * Output.Height) % (Groups * Filters);
            int image = output / (Output.Width * Output.Height * Groups * Filters);
            for (int weight = 0; weight < Channels * Kernel.Height * Kernel.Width; weight++)
            {
                int column = (x * Stride.Width) + (weight % Kernel.Width * Dilation.Width) - Padding.Width;
                int row = (y * Stride.Height) + (weight / Kernel.Width % Kernel.Height * Dilation.Height) - Padding.Height;
                int channel = (filter / Filters * Channels) + (weight / (Kernel.Width * Kernel.Height));
                if (row >= 0 && row < Input.Height && column >= 0 && column < Input.Width)
                {
                    take(
                        output,
                        (((((image * Groups * Channels) + channel) * Input.Height) + row) * Input.Width) + column,
                        (filter * Channels * Kernel.Height * Kernel.Width) + weight);
                }
            }
        }
    }
}
