using TensorCell.Tensors;

namespace TensorCell.Inference.Tests.Onnx;

/// <summary>
/// Damaged models that pass the reader's checks go on to ONNX Runtime, which parses them natively: in a process of its own, so that a crash
/// there is told rather than suffered.
/// </summary>
public sealed class OnnxDamageTests
{
    private const string Range = "TENSORCELL_DAMAGED_MODELS";

    [Fact]
    public async Task ONNX_Runtime_survives_what_the_reader_lets_through()
    {
        Needs.OnnxRuntime();
        const int count = 1500;
        (int code, string output) = await ChildProcess.RunAsync(nameof(Child), (Range, $"0-{count}"));
        Assert.True(output.Contains($"done {count}", StringComparison.Ordinal), $"ended with code {code} at {Last(output)}");
    }

    [Fact(Explicit = true)]
    public void Child()
    {
        if (Environment.GetEnvironmentVariable(Range)?.Split('-') is not [var first, var last])
        {
            return;
        }

        byte[] model = Models.Perceptron().ToArray();
        Tensor x = Tensor.Ones((2, 8));
        int loaded = 0;
        for (int seed = int.Parse(first); seed < int.Parse(last); seed++)
        {
            ChildProcess.Report($"seed {seed}");
            try
            {
                using OnnxModel damaged = OnnxModel.Load(OnnxMetadataTests.Damage(model, seed), new() { Threads = 1 });
                loaded++;
                damaged.Run(x);
            }
            catch (OnnxException)
            {
            }
        }

        ChildProcess.Report($"loaded {loaded}");
        ChildProcess.Report($"done {last}");
    }

    private static string Last(string output) => output.Split('\n').LastOrDefault(line => line.StartsWith("seed ", StringComparison.Ordinal)) ?? "none";
}
