using TensorCell.Benchmarks.Worker;
using TensorCell.Inference;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Suites;

/// <summary>A model through ONNX Runtime: what lies between the caller and the library.</summary>
public sealed class OnnxSuite : ISuite
{
    private static readonly int[] widths = [784, 512, 256, 10];

    /// <inheritdoc/>
    public string Name => "onnx";

    /// <inheritdoc/>
    public string Description => "a perceptron 784-512-256-10 through ONNX Runtime against C and Node on the same library";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkCase> Cases(SuiteOptions options)
    {
        if (!OnnxRuntime.IsAvailable)
        {
            Console.WriteLine("ONNX Runtime's library is not there: the build fetches it with npm");
            yield break;
        }

        Directory.CreateDirectory(options.OutputFolder);
        string model = Path.Combine(options.OutputFolder, "perceptron.onnx");
        Write(model);
        foreach (int threads in new[] { 1, 2 })
        {
            foreach (int batch in new[] { 1, 32, 128 })
            {
                yield return Case(options, model, threads, batch);
            }
        }
    }

    private static BenchmarkCase Case(SuiteOptions options, string model, int threads, int batch)
    {
        string[] sizes = [Peers.Text(batch), Peers.Text(widths[0]), Peers.Text(widths[^1])];
        SystemUnderTest c = Peers.OnnxC(options, threads, model, $"x=1,0,{TensorInputs.Factors[0]},{batch}x{widths[0]}", $"y={batch}x{widths[^1]}");
        SystemUnderTest node = Peers.OnnxNode(options, threads, [model, .. sizes]);
        return new BenchmarkCase(
            $"perceptron, batch {batch}, {threads} thread{(threads == 1 ? "" : "s")}",
            [Peers.TensorCell(threads, ["onnx", model, .. sizes]), c, node],
            [Target.AtLeast(1 / 1.02, c.Name), Target.AtLeast(1, node.Name)])
        {
            Flops = Enumerable.Range(1, widths.Length - 1).Sum(layer => 2.0 * batch * widths[layer - 1] * widths[layer]),
        };
    }

    private static void Write(string path)
    {
        RandomStream random = Tensor.Random(20261122);
        OnnxGraphBuilder graph = new("perceptron");
        string value = graph.Input("x", DType.Float32, "N", widths[0]);
        for (int layer = 1; layer < widths.Length; layer++)
        {
            Tensor weight = random.Normal((widths[layer - 1], widths[layer]), deviation: Math.Sqrt(2.0 / widths[layer - 1]));
            value = graph.Node("Gemm", [value, graph.Initializer($"weight{layer}", weight), graph.Initializer($"bias{layer}", Tensor.Zeros(widths[layer]))]);
            value = layer < widths.Length - 1 ? graph.Node("Relu", [value]) : value;
        }

        graph.Output("y", value, DType.Float32, "N", widths[^1]);
        graph.Save(path);
    }
}
