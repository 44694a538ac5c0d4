using System.Text;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>The body of a PTX kernel as it grows: instructions, labels, and how many registers of each kind were handed out.</summary>
internal sealed class PtxWriter
{
    private static readonly (string Type, string Prefix)[] kinds =
        [(".pred", "%p"), (".b32", "%r"), (".b64", "%rd"), (".f32", "%f"), (".f64", "%fd"), (".b16", "%h")];

    private readonly StringBuilder text = new();
    private readonly int[] used = new int[kinds.Length];
    private int labels;

    /// <summary>A fresh register for values of a computed type.</summary>
    public string Register(DType type) => Take(type switch
    {
        DType.Bool => 0,
        DType.Int32 => 1,
        DType.Int64 => 2,
        DType.Float32 => 3,
        _ => 4,
    });

    /// <summary>A fresh predicate.</summary>
    public string Predicate() => Take(0);

    /// <summary>A fresh register of 32 bits.</summary>
    public string Word() => Take(1);

    /// <summary>A fresh register of 64 bits.</summary>
    public string Long() => Take(2);

    /// <summary>A fresh register of 16 bits.</summary>
    public string Half() => Take(5);

    /// <summary>A fresh label, not placed yet.</summary>
    public string Label(string purpose) => $"{purpose}_{labels++}";

    /// <summary>Writes an instruction.</summary>
    public void Emit(string instruction) => text.Append("    ").Append(instruction).Append(";\n");

    /// <summary>Writes a label.</summary>
    public void Place(string label) => text.Append(label).Append(":\n");

    /// <summary>The declarations of all registers handed out, then what was written.</summary>
    public string Finish()
    {
        var declared = new StringBuilder();
        for (var kind = 0; kind < kinds.Length; kind++)
        {
            if (used[kind] > 0)
            {
                declared.Append($"    .reg {kinds[kind].Type} {kinds[kind].Prefix}<{used[kind]}>;\n");
            }
        }

        return declared.Append(text).ToString();
    }

    private string Take(int kind) => kinds[kind].Prefix + used[kind]++;
}
