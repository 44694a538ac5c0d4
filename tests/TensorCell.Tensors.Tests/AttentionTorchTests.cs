using System.Diagnostics;
using System.Text.Json;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Attention and its gradients beside PyTorch's own answers.</summary>
public sealed class AttentionTorchTests
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import json, sys
        import torch
        for line in sys.stdin:
            case = json.loads(line)
            def tensor(name):
                return torch.tensor(case[name], dtype=torch.float64).reshape(case[name + "Shape"]).requires_grad_()
            q, k, v, bias = tensor("q"), tensor("k"), tensor("v"), tensor("bias")
            groups = q.shape[-3] // k.shape[-3]
            keys, values = k.repeat_interleave(groups, -3), v.repeat_interleave(groups, -3)
            scores = q @ keys.transpose(-1, -2) / q.shape[-1] ** 0.5 + bias
            m, n = scores.shape[-2:]
            if case["causal"]:
                scores = scores.masked_fill(torch.ones(m, n, dtype=torch.bool).triu(1 + n - m), float("-inf"))
            result = torch.softmax(scores, -1) @ values
            (result * torch.arange(result.numel(), dtype=torch.float64).reshape(result.shape).cos()).sum().backward()
            print(json.dumps([x.reshape(-1).tolist() for x in (result, q.grad, k.grad, v.grad, bias.grad)]))
        """;

    [Fact]
    public void AnswersAsPyTorchDoes()
    {
        Assert.SkipUnless(File.Exists(Python) && Run("-c", "import torch", []).Length == 0, $"{Python} with torch is not installed (apt-get install python3-torch)");
        Samples samples = new(77);
        (int[] Query, int[] Key, int[] Bias)[] shapes =
        [
            ([2, 4, 9, 8], [2, 2, 12, 8], [9, 12]),
            ([4, 3, 5], [1, 7, 5], [4, 1, 7]),
            ([1, 2, 1, 16], [1, 1, 40, 16], [1]),
            ([2, 1, 33, 6], [2, 1, 33, 6], [2, 1, 1, 33]),
        ];
        Sample[][] cases = [.. shapes.Select(shape => new[]
        {
            samples.Tensor(shape.Query, DType.Float64, -2, 2),
            samples.Tensor(shape.Key, DType.Float64, -2, 2),
            samples.Tensor(shape.Key, DType.Float64, -2, 2),
            samples.Tensor(shape.Bias, DType.Float64, -2, 2),
        })];
        string[] lines = [.. cases.SelectMany(one => new[] { Line(one, false), Line(one, true) })];
        string[] answers = Run("-c", Script, lines);
        Assert.Equal(lines.Length, answers.Length);
        for (int index = 0; index < answers.Length; index++)
        {
            double[][] expected = JsonSerializer.Deserialize<double[][]>(answers[index])!;
            Tensor[] inputs = [.. cases[index / 2].Select(sample => sample.Tensor.Detach())];
            Array.ForEach(inputs, input => input.RequiresGrad = true);
            Tensor result = Tensor.Attention(inputs[0], inputs[1], inputs[2], inputs[3], isCausal: index % 2 == 1);
            Tensor weights = Tensor.Arange(result.Count, DType.Float64).Cos().Reshape(result.Shape);
            Tensor[] found = [result, .. Tensor.GradientsOf((result * weights).Sum(), inputs)];
            for (int part = 0; part < found.Length; part++)
            {
                Reference.AssertClose(expected[part], found[part].Shape.ToArray(), DType.Float64, found[part], tolerance: 1000);
            }
        }
    }

    private static string Line(Sample[] one, bool isCausal) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["q"] = one[0].Numbers,
        ["qShape"] = one[0].Shape,
        ["k"] = one[1].Numbers,
        ["kShape"] = one[1].Shape,
        ["v"] = one[2].Numbers,
        ["vShape"] = one[2].Shape,
        ["bias"] = one[3].Numbers,
        ["biasShape"] = one[3].Shape,
        ["causal"] = isCausal,
    });

    private static string[] Run(string option, string script, string[] input)
    {
        ProcessStartInfo start = new(Python, [option, script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Array.ForEach(input, process.StandardInput.WriteLine);
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill();
            throw new TimeoutException("torch did not answer within a minute");
        }

        return process.ExitCode == 0 ? output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [errors.Result];
    }
}
