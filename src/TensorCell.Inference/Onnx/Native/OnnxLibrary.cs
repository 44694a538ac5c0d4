using System.Runtime.InteropServices;

namespace TensorCell.Inference.Onnx;

/// <summary>Finds and loads ONNX Runtime's native library.</summary>
internal static class OnnxLibrary
{
    /// <summary>Names the library, or the folder it is in, before every other place.</summary>
    public const string Variable = "TENSORCELL_ONNXRUNTIME";

    private static readonly string fileName =
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";

    /// <summary>Loads the library from the first place that has it.</summary>
    /// <param name="place">Where that was.</param>
    /// <returns>Its handle; it stays loaded.</returns>
    /// <exception cref="OnnxRuntimeMissingException">No place has it, or the one that does cannot be used.</exception>
    public static nint Load(out string place)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            place = Directory.Exists(given) ? Path.Combine(given, fileName) : given;
            return Open(place, $"{Variable} is {given}");
        }

        string[] places = [.. Places().Distinct(StringComparer.Ordinal)];
        foreach (string candidate in places)
        {
            if (File.Exists(candidate))
            {
                place = candidate;
                return Open(candidate, $"found at {candidate}");
            }
        }

        // What the application's own list of native libraries names, and then the system's folders.
        foreach (string candidate in new[] { "onnxruntime", "libonnxruntime.so.1" })
        {
            if (NativeLibrary.TryLoad(candidate, typeof(OnnxLibrary).Assembly, null, out nint found))
            {
                place = candidate;
                return found;
            }
        }

        place = "";
        return Throw.OnnxRuntimeMissing<nint>(
            $"ONNX Runtime's library {fileName} for {Platform} is missing; it comes with the package TensorCell.Inference, and with a build that could reach npm. "
            + $"Install Microsoft.ML.OnnxRuntime's, or set {Variable} to a library of version 1.14 or later. Looked for: {string.Join(", ", places)}, and in the system's folders");
    }

    private static string Platform =>
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static IEnumerable<string> Places()
    {
        string beside = Path.GetDirectoryName(typeof(OnnxLibrary).Assembly.Location) ?? "";
        foreach (string folder in new[] { beside, AppContext.BaseDirectory }.Where(folder => folder.Length > 0))
        {
            yield return Path.Combine(folder, "runtimes", Platform, "native", fileName);
            yield return Path.Combine(folder, fileName);

            // In a package's folder the assembly lies in lib/net10.0.
            yield return Path.GetFullPath(Path.Combine(folder, "..", "..", "runtimes", Platform, "native", fileName));
        }
    }

    private static nint Open(string path, string origin)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            return Throw.OnnxRuntimeMissing<nint>($"ONNX Runtime's library cannot be loaded ({origin}): {exception.Message.ReplaceLineEndings(" ").Trim()}");
        }
    }
}
