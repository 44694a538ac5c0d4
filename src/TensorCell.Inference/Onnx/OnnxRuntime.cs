using TensorCell.Inference.Onnx;

namespace TensorCell.Inference;

/// <summary>
/// The ONNX Runtime that models run on: the native library that comes with this one, or another of version 1.14 or later that the environment
/// variable <c>TENSORCELL_ONNXRUNTIME</c> names (a file, or the folder it is in).
/// </summary>
public static class OnnxRuntime
{
    private const string ProviderSuffix = "ExecutionProvider";

    /// <summary>Whether the library can be loaded.</summary>
    public static bool IsAvailable
    {
        get
        {
            try
            {
                return OnnxApi.Instance is not null;
            }
            catch (OnnxRuntimeMissingException)
            {
                return false;
            }
        }
    }

    /// <summary>The library's version, such as <c>1.30.0</c>.</summary>
    /// <exception cref="OnnxRuntimeMissingException">The library is missing; the message says where it was looked for.</exception>
    public static string Version => OnnxApi.Instance.LibraryVersion;

    /// <summary>The file that the library was loaded from.</summary>
    /// <exception cref="OnnxRuntimeMissingException">The library is missing; the message says where it was looked for.</exception>
    public static string Location => OnnxApi.Instance.Place;

    /// <summary>What the library can run models on: <c>CPU</c>, and with others built in <c>CUDA</c>, <c>CoreML</c> …</summary>
    /// <exception cref="OnnxRuntimeMissingException">The library is missing; the message says where it was looked for.</exception>
    public static IReadOnlyList<string> Providers => [.. OnnxApi.Instance.AvailableProviders().Select(ShortName)];

    /// <summary>A provider's name without its ending.</summary>
    internal static string ShortName(string provider) =>
        provider.EndsWith(ProviderSuffix, StringComparison.OrdinalIgnoreCase) ? provider[..^ProviderSuffix.Length] : provider;
}
