using System.Diagnostics;
using System.Text.Json;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Debian's NumPy, asked in one process for what it prints or computes.</summary>
internal static class NumPy
{
    private const string Python = "/usr/bin/python3";

    private const string PrintScript = """
        import base64, json, sys
        import numpy
        for line in sys.stdin:
            case = json.loads(line)
            array = numpy.frombuffer(base64.b64decode(case["data"]), dtype=case["dtype"]).reshape(case["shape"])
            print(json.dumps(str(array)))
        """;

    private const string EvaluateScript = """
        import base64, json, sys, warnings
        import numpy
        warnings.simplefilter("ignore")
        numpy.seterr(all="ignore")

        def read(array):
            return numpy.frombuffer(base64.b64decode(array["data"]), dtype=array["dtype"]).reshape(array["shape"]).copy()

        def write(result):
            if type(result).__module__ == "torch":
                result = result.detach().numpy()
            result = numpy.asarray(result)
            if result.dtype.name not in ("bool", "uint8", "int8", "int32", "int64", "float16", "float32", "float64"):
                raise TypeError("a result of type " + result.dtype.name)
            return dict(dtype=result.dtype.name, shape=result.shape, data=base64.b64encode(result.tobytes()).decode())

        for line in sys.stdin:
            case = json.loads(line)
            try:
                names = {"np": numpy, "numpy": numpy}
                if "torch" in case["code"]:
                    import torch
                    names["torch"] = torch
                for name, array in case["arrays"].items():
                    names[name] = read(array)
                statements, _, expression = case["code"].rpartition("\n")
                exec(statements, names)
                result = eval(expression, names)
                arrays = [write(part) for part in (result if isinstance(result, (tuple, list)) else [result])]
                print(json.dumps(dict(arrays=arrays)))
            except Exception as error:
                print(json.dumps(dict(error=type(error).__name__ + ": " + str(error))))
        """;

    private static readonly Lazy<bool> isThere = new(() => File.Exists(Python) && Run("import numpy", []).Length == 0);

    private static readonly Lazy<bool> isTorchThere = new(() => isThere.Value && Run("import torch", []).Length == 0);

    /// <summary>Skips the running test, with a reason, where NumPy is missing.</summary>
    public static void Require() =>
        Assert.SkipUnless(isThere.Value, $"{Python} with numpy is not installed (apt-get install python3-numpy)");

    /// <summary>Skips the running test, with a reason, where PyTorch or NumPy is missing.</summary>
    public static void RequireTorch() =>
        Assert.SkipUnless(isTorchThere.Value, $"{Python} with numpy and torch is not installed (apt-get install python3-torch)");

    /// <summary>What <c>str</c> gives for each array.</summary>
    public static string[] Print(IEnumerable<(string DType, int[] Shape, byte[] Data)> arrays) =>
    [
        .. Run(PrintScript, arrays.Select(array => JsonSerializer.Serialize(
            new { dtype = array.DType, shape = array.Shape, data = Convert.ToBase64String(array.Data) })))
            .Select(line => JsonSerializer.Deserialize<string>(line)!),
    ];

    /// <summary>What each case gives, in their order; computed by one process.</summary>
    public static NumPyAnswer[] Evaluate(IEnumerable<NumPyCase> cases)
    {
        NumPyCase[] asked = [.. cases];
        string[] answers = Run(EvaluateScript, asked.Select(one => JsonSerializer.Serialize(
            new { code = one.Code, arrays = one.Arrays.ToDictionary(pair => pair.Name, pair => Sent(pair.Array)) })));
        return answers.Length == asked.Length
            ? [.. answers.Select(Answer)]
            : throw new InvalidOperationException($"numpy gave {answers.Length} answers to {asked.Length} cases: {string.Join('\n', answers)}");
    }

    private static object Sent(NumPyArray array) =>
        new { dtype = NameOf(array.DType), shape = array.Shape, data = Convert.ToBase64String(array.Data) };

    private static NumPyAnswer Answer(string line)
    {
        using JsonDocument answer = JsonDocument.Parse(line);
        return answer.RootElement.TryGetProperty("error", out JsonElement error)
            ? new NumPyAnswer([], error.GetString())
            : new NumPyAnswer([.. answer.RootElement.GetProperty("arrays").EnumerateArray().Select(Received)], null);
    }

    private static NumPyArray Received(JsonElement array) => new(
        Enum.GetValues<DType>().First(dtype => NameOf(dtype) == array.GetProperty("dtype").GetString()),
        array.GetProperty("shape").Deserialize<int[]>()!,
        array.GetProperty("data").GetBytesFromBase64());

    private static string NameOf(DType dtype) => dtype == DType.Bool ? "bool" : dtype.ToString().ToLowerInvariant();

    /// <summary>Runs a script that needs NumPy; its lines of output.</summary>
    /// <param name="script">The script.</param>
    /// <param name="arguments">What it finds in <c>sys.argv[1:]</c>.</param>
    public static string[] Evaluate(string script, params string[] arguments) => Run(script, [], arguments);

    private static string[] Run(string script, IEnumerable<string> input, params string[] arguments)
    {
        ProcessStartInfo start = new(Python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        Array.ForEach(arguments, start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        foreach (string line in input)
        {
            process.StandardInput.WriteLine(line);
        }

        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill();
            throw new TimeoutException("numpy did not answer within a minute");
        }

        return process.ExitCode == 0
            ? output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : [errors.Result];
    }
}
