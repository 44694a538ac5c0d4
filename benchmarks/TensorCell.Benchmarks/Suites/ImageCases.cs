namespace TensorCell.Benchmarks.Suites;

/// <summary>Convolutions and pooling of the suite <c>nn</c>: images in plain NCHW for TensorCell, and for peers in each layout that they know.</summary>
/// <param name="options">Where peers lie.</param>
public sealed class ImageCases(SuiteOptions options)
{
    private readonly OnnxModels models = new(options);

    /// <summary>The cases.</summary>
    public IEnumerable<BenchmarkCase> All()
    {
        var all = Environment.ProcessorCount;
        foreach (var threads in options.IsQuick ? [all] : new[] { all, 1 }.Distinct())
        {
            yield return Convolution(threads, [64, 3, 224, 224], 32, 3, 0);
            yield return Convolution(threads, [64, 3, 224, 224], 32, 3, 1);
            yield return Convolution(threads, [1, 3, 224, 224], 32, 3, 1);
            yield return Convolution(threads, [16, 64, 56, 56], 64, 3, 1);
        }

        yield return MaxPool(all, [16, 64, 112, 112], 2);
    }

    private BenchmarkCase Convolution(int threads, int[] image, int outputs, int kernel, int padding)
    {
        string[] sizes = [.. image.Append(outputs).Append(kernel).Append(padding).Select(Peers.Text)];
        var pixels = (double)(image[2] + (2 * padding) - kernel + 1) * (image[3] + (2 * padding) - kernel + 1);
        return new BenchmarkCase(
            $"conv {string.Join('x', image)} * {outputs}x{image[1]}x{kernel}x{kernel}, padding {padding}" + (threads == 1 ? ", 1 thread" : ""),
            [
                .. Systems(threads, "conv", sizes),
                models.Convolution(threads, image, outputs, kernel, padding),
                Peers.NumPy(options, threads, ["nn", "conv", .. sizes]),
            ],
            [Target.AtLeast(1 / 1.2, "onednn-blocked"), Target.AtLeast(1, "pytorch")])
        {
            Flops = 2.0 * image[0] * outputs * pixels * image[1] * kernel * kernel,
            Bytes = 4.0 * image[0] * ((image[1] * image[2] * image[3]) + (outputs * pixels)),
        };
    }

    private BenchmarkCase MaxPool(int threads, int[] image, int kernel)
    {
        string[] sizes = [.. image.Append(kernel).Select(Peers.Text)];
        return new BenchmarkCase(
            $"max pool {string.Join('x', image)}, {kernel}x{kernel}",
            [.. Systems(threads, "maxpool", sizes), models.MaxPool(threads, image, kernel), Peers.NumPy(options, 1, ["nn", "maxpool", .. sizes])],
            [Target.AtLeast(1, "onednn-nchw"), Target.AtLeast(1, "pytorch")])
        {
            Bytes = 4.0 * image.Aggregate(1.0, (count, length) => count * length) * (1 + (1.0 / (kernel * kernel))),
            OnlyReads = true,
        };
    }

    private IEnumerable<SystemUnderTest> Systems(int threads, string name, string[] sizes)
    {
        yield return Peers.TensorCell(threads, ["nn", name, .. sizes]);
        foreach (var layout in new[] { "blocked", "nhwc", "nchw" })
        {
            yield return Peers.OneDnn($"onednn-{layout}", options, threads, [name, layout, .. sizes]);
        }

        yield return Peers.PyTorch(options, threads, ["nn", name, .. sizes]);
        yield return Peers.PyTorch("pytorch-nhwc", options, threads, ["nn", name, .. sizes, "nhwc"]);
    }
}
