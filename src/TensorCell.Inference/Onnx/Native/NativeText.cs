using System.Runtime.InteropServices;

namespace TensorCell.Inference.Onnx;

/// <summary>Text in native memory, ended by a zero: UTF-8, or UTF-16 where the platform's paths are.</summary>
internal readonly unsafe struct NativeText(string text, bool isWide = false) : IDisposable
{
    private readonly nint memory = isWide ? Marshal.StringToCoTaskMemUni(text) : Marshal.StringToCoTaskMemUTF8(text);

    /// <summary>The first byte.</summary>
    public byte* Address => (byte*)memory;

    /// <summary>Frees the memory.</summary>
    public void Dispose() => Marshal.FreeCoTaskMem(memory);
}
