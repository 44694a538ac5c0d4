using System.Diagnostics;
using System.Text.Json;

namespace TensorCell.Tensors.Tests;

/// <summary>Debian's NumPy, asked in one process for what it prints.</summary>
internal static class NumPy
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import base64, json, sys
        import numpy
        for line in sys.stdin:
            case = json.loads(line)
            array = numpy.frombuffer(base64.b64decode(case["data"]), dtype=case["dtype"]).reshape(case["shape"])
            print(json.dumps(str(array)))
        """;

    private static readonly Lazy<bool> isThere = new(() => File.Exists(Python) && Run("-c", "import numpy", []).Length == 0);

    /// <summary>Skips the running test, with a reason, where NumPy is missing.</summary>
    public static void Require() =>
        Assert.SkipUnless(isThere.Value, $"{Python} with numpy is not installed (apt-get install python3-numpy)");

    /// <summary>What <c>str</c> gives for each array.</summary>
    public static string[] Print(IEnumerable<(string DType, int[] Shape, byte[] Data)> arrays) =>
    [
        .. Run("-c", Script, arrays.Select(array => JsonSerializer.Serialize(
            new { dtype = array.DType, shape = array.Shape, data = Convert.ToBase64String(array.Data) })))
            .Select(line => JsonSerializer.Deserialize<string>(line)!),
    ];

    /// <summary>Runs a script that needs NumPy; its lines of output.</summary>
    /// <param name="script">The script.</param>
    /// <param name="arguments">What it finds in <c>sys.argv[1:]</c>.</param>
    public static string[] Evaluate(string script, params string[] arguments) => Run("-c", script, [], arguments);

    private static string[] Run(string option, string script, IEnumerable<string> input, params string[] arguments)
    {
        ProcessStartInfo start = new(Python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(option);
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
