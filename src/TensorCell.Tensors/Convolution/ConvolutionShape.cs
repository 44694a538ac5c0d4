using TensorCell.Tensors.Autograd;

namespace TensorCell.Tensors.Convolution;

/// <summary>The lengths that decide a convolution of [images, groups · channels, height, width] with [groups · filters, channels, height, width].</summary>
/// <param name="Images">How many images.</param>
/// <param name="Channels">Channels of the input in each group.</param>
/// <param name="Filters">Filters, and so channels of the result, in each group.</param>
/// <param name="Input">The input's rows and columns.</param>
/// <param name="Kernel">Rows and columns of weights.</param>
/// <param name="Output">The result's rows and columns.</param>
/// <param name="Part">How the filters move.</param>
internal sealed record ConvolutionShape(int Images, int Channels, int Filters, Size2 Input, Size2 Kernel, Size2 Output, ConvolutionPart Part)
{
    /// <summary>Groups of channels, each with filters of its own.</summary>
    public int Groups => Part.Groups;

    /// <summary>The shape of the input.</summary>
    public Shape InputShape => (Images, Groups * Channels, Input.Height, Input.Width);

    /// <summary>The shape of the weights.</summary>
    public Shape WeightShape => (Groups * Filters, Channels, Kernel.Height, Kernel.Width);

    /// <summary>The shape of the result.</summary>
    public Shape OutputShape => (Images, Groups * Filters, Output.Height, Output.Width);

    /// <summary>Multiplications and additions, those with padding included.</summary>
    public double Flops => 2.0 * OutputShape.Count * Channels * Kernel.Area;

    /// <summary>The convolution of an input in memory.</summary>
    /// <param name="input">Of <see cref="InputShape"/>.</param>
    /// <param name="weights">Of <see cref="WeightShape"/>.</param>
    /// <param name="output">Of <see cref="OutputShape"/>.</param>
    public SlidingProduct Product(TensorOperand input, TensorOperand weights, TensorOperand output)
    {
        List<Tap> taps = [];
        for (int row = 0; row < Kernel.Height; row++)
        {
            for (int column = 0; column < Kernel.Width; column++)
            {
                taps.Add(new Tap(
                    (row * Part.Dilation.Height) - Part.Padding.Height, (column * Part.Dilation.Width) - Part.Padding.Width, weights.Offset(row, column)));
            }
        }

        return new SlidingProduct
        {
            Images = Images,
            Groups = Groups,
            Channels = Channels,
            Filters = Filters,
            Taps = [.. taps],
            Step = Part.Stride,
            InputSize = Input,
            OutputSize = Output,
            Input = input.Images,
            Weights = new FilterOperand(weights.Address, Filters * weights.Stride(0), weights.Stride(0), weights.Stride(1)),
            Output = output.Images,
        };
    }

    /// <summary>
    /// What the gradient with respect to the input comes down to, given that of the result: for every place within a stride, a product of step 1 that
    /// gives the pixels at such places, by the weights that meet them.
    /// </summary>
    /// <param name="gradient">Of <see cref="OutputShape"/>.</param>
    /// <param name="weights">Of <see cref="WeightShape"/>.</param>
    /// <param name="input">Of <see cref="InputShape"/>; is written.</param>
    /// <param name="epilogue">Work to do on what is written, if any.</param>
    public IEnumerable<SlidingProduct> InputProducts(
        TensorOperand gradient, TensorOperand weights, TensorOperand input, ConvolutionEpilogue? epilogue = null)
    {
        for (int row = 0; row < Math.Min(Part.Stride.Height, Input.Height); row++)
        {
            for (int column = 0; column < Math.Min(Part.Stride.Width, Input.Width); column++)
            {
                Tap[] taps = TapsAt(row, column, weights);

                // Where no weight comes, zeros: the sum over no channels.
                yield return new SlidingProduct
                {
                    Images = Images,
                    Groups = Groups,
                    Channels = taps.Length == 0 ? 0 : Filters,
                    Filters = Channels,
                    Taps = taps.Length == 0 ? [default] : taps,
                    Step = 1,
                    InputSize = Output,
                    OutputSize = ((Input.Height - row - 1) / Part.Stride.Height + 1, (Input.Width - column - 1) / Part.Stride.Width + 1),
                    Input = gradient.Images,
                    Weights = new FilterOperand(weights.Address, Filters * weights.Stride(0), weights.Stride(1), weights.Stride(0)),
                    Output = input.Images.Every(row, column, Part.Stride, input.ElementSize),
                    Epilogue = epilogue?.Every(row, column, Part.Stride),
                };
            }
        }
    }

    private Tap[] TapsAt(int row, int column, TensorOperand weights)
    {
        List<Tap> taps = [];
        for (int down = 0; down < Kernel.Height; down++)
        {
            for (int across = 0; across < Kernel.Width; across++)
            {
                (int y, int restDown) = Math.DivRem(row + Part.Padding.Height - (down * Part.Dilation.Height), Part.Stride.Height);
                (int x, int restAcross) = Math.DivRem(column + Part.Padding.Width - (across * Part.Dilation.Width), Part.Stride.Width);
                if (restDown == 0 && restAcross == 0)
                {
                    taps.Add(new Tap(y, x, weights.Offset(down, across)));
                }
            }
        }

        return [.. taps];
    }
}
