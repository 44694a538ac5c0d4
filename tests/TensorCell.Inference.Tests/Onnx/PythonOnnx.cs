using System.Diagnostics;

namespace TensorCell.Inference.Tests.Onnx;

/// <summary>Debian's onnx for Python, the format's reference implementation.</summary>
internal static class PythonOnnx
{
    private const string Python = "/usr/bin/python3";

    private const string CheckScript = """
        import sys, onnx
        for path in sys.argv[1:]:
            try:
                onnx.checker.check_model(path, full_check=True)
            except Exception as error:
                print(path + ": " + str(error))
        """;

    private static readonly Lazy<bool> isThere = new(() => File.Exists(Python) && Run("import onnx").Code == 0);

    /// <summary>Skips the running test, with a reason, where it is missing.</summary>
    public static void Require() => Assert.SkipUnless(isThere.Value, $"{Python} with onnx is not installed (apt-get install python3-onnx)");

    /// <summary>Has its checker look at models, shapes and types included, and fails the test with what it objects to.</summary>
    public static void Check(params IEnumerable<byte[]> models)
    {
        using Folder folder = new();
        string[] paths = [.. models.Select((model, index) =>
        {
            string path = folder[$"{index}.onnx"];
            File.WriteAllBytes(path, model);
            return path;
        })];
        (int code, string output) = Run(CheckScript, paths);
        Assert.Equal("", output);
        Assert.Equal(0, code);
    }

    /// <summary>Runs a script.</summary>
    public static (int Code, string Output) Run(string script, params string[] arguments)
    {
        ProcessStartInfo start = new(Python, ["-c", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(120)))
        {
            process.Kill();
            throw new TimeoutException("python did not end within two minutes");
        }

        return (process.ExitCode, (output.Result + (process.ExitCode == 0 ? "" : errors.Result)).Trim());
    }
}
