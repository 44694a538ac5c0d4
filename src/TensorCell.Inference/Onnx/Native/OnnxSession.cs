using System.Runtime.InteropServices;

namespace TensorCell.Inference.Onnx;

/// <summary>A loaded model of ONNX Runtime, with the names of its inputs and outputs in native memory.</summary>
internal sealed unsafe class OnnxSession : SafeHandle
{
    private readonly OnnxApi api;
    private readonly nint[] names;

    /// <param name="api">ONNX Runtime.</param>
    /// <param name="session">The session, which it owns.</param>
    /// <param name="metadata">What the model says of itself.</param>
    public OnnxSession(OnnxApi api, nint session, OnnxMetadata metadata)
        : base(0, ownsHandle: true)
    {
        this.api = api;
        SetHandle(session);
        Inputs = AsDeclared(api.Values(session, isInput: true), metadata.Inputs);
        Outputs = AsDeclared(api.Values(session, isInput: false), metadata.Outputs);
        names = new nint[Inputs.Length + Outputs.Length];
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

    /// <summary>Values as ONNX Runtime infers them, but as the model declares them where ONNX Runtime does not tell.</summary>
    private static OnnxValueInfo[] AsDeclared(OnnxValueInfo[] inferred, IReadOnlyList<OnnxValueInfo> declared) => Array.ConvertAll(inferred, value =>
        declared.FirstOrDefault(other => other.Name == value.Name) is not { Dimensions: null } open ? value
        : value.Dimensions switch
        {
            // To ONNX Runtime, a shape that nobody declared looks like a scalar's.
            { Count: 0 } => value with { Dimensions = null },

            // Of what is no tensor, it does not tell what is in it.
            null => value with { TypeName = open.TypeName },
            _ => value,
        });

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
