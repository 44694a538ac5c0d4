using System.Runtime.InteropServices;

namespace TensorCell.Inference.Onnx;

/// <summary>A loaded model of ONNX Runtime, with the names of its inputs and outputs in native memory.</summary>
internal sealed unsafe class OnnxSession : SafeHandle
{
    private readonly OnnxApi api;
    private readonly nint[] names;

    public OnnxSession(OnnxApi api, nint session)
        : base(0, ownsHandle: true)
    {
        this.api = api;
        SetHandle(session);
        Inputs = api.Values(session, isInput: true);
        Outputs = api.Values(session, isInput: false);
        names = GC.AllocateArray<nint>(Inputs.Length + Outputs.Length, pinned: true);
        for (int index = 0; index < names.Length; index++)
        {
            names[index] = Marshal.StringToCoTaskMemUTF8(index < Inputs.Length ? Inputs[index].Name : Outputs[index - Inputs.Length].Name);
        }
    }

    public override bool IsInvalid => handle == 0;

    public OnnxApi Api => api;

    public OnnxValueInfo[] Inputs { get; }

    public OnnxValueInfo[] Outputs { get; }

    /// <summary>The native name of an input, or of an output counted after the inputs.</summary>
    public nint NameOf(int index) => names[index];

    protected override bool ReleaseHandle()
    {
        api.FreeSession(handle);
        foreach (nint name in names ?? [])
        {
            Marshal.FreeCoTaskMem(name);
        }

        return true;
    }
}
