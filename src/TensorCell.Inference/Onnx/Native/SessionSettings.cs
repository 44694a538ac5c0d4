using TensorCell.Kernels;

namespace TensorCell.Inference.Onnx;

/// <summary>Turns <see cref="OnnxOptions"/> into what ONNX Runtime takes.</summary>
internal static class SessionSettings
{
    private const string Cpu = "CPU";
    private const string Cuda = "CUDA";

    /// <summary>Sets a session's options.</summary>
    /// <exception cref="OnnxException">A provider is not in the library, or a setting is refused.</exception>
    public static void Apply(OnnxApi api, nint settings, string model, OnnxOptions options)
    {
        if (options.Threads < 0)
        {
            Throw.Argument($"onnx {model}: {options.Threads} threads; use 1 or more, or 0 for as many as the engine uses");
        }

        api.SetThreads(settings, withinNode: options.Threads == 0 ? Workers.ThreadCount : options.Threads, betweenNodes: 1);
        api.SetOptimization(settings, (int)options.Optimization);
        api.SetMemoryArena(settings, options.MemoryArena);
        api.SetEntry(settings, "session.intra_op.allow_spinning", options.Spinning ? "1" : "0");
        foreach ((string key, string value) in options.Settings)
        {
            api.SetEntry(settings, key, value);
        }

        string[] available = api.AvailableProviders();
        foreach (string provider in options.Providers)
        {
            Add(api, settings, model, OnnxRuntime.ShortName(provider), available);
        }
    }

    private static void Add(OnnxApi api, nint settings, string model, string provider, string[] available)
    {
        string[] names = [.. available.Select(OnnxRuntime.ShortName)];
        if (Array.Find(names, name => name.Equals(provider, StringComparison.OrdinalIgnoreCase)) is not { } known)
        {
            Throw.Onnx(
                model,
                $"the provider {provider} is not in this ONNX Runtime ({api.LibraryVersion}, {api.Place}), which has {string.Join(", ", names)}"
                + (provider.Equals(Cuda, StringComparison.OrdinalIgnoreCase)
                    ? $"; install Microsoft.ML.OnnxRuntime.Gpu and set {OnnxLibrary.Variable} to its library"
                    : $"; set {OnnxLibrary.Variable} to a library that has it"));
            return;
        }

        switch (known)
        {
            case Cpu:
                // Every session has it, last.
                break;
            case Cuda:
                api.AddCuda(settings);
                break;
            default:
                api.AddProvider(settings, known);
                break;
        }
    }
}
