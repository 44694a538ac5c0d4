using Iced.Intel;

namespace TensorCell.Interactive.Explaining;

/// <summary>Counts what a loop's instructions are.</summary>
internal static class LoopCounter
{
    private static readonly string[] arithmetic = ["add", "sub", "mul", "div", "min", "max"];

    public static LoopCounts Count(IEnumerable<Instruction> loop, bool hasFramePointer)
    {
        var information = new InstructionInfoFactory();
        var widths = new SortedSet<int>();
        var counts = new LoopCounts(0, 0);
        foreach (var instruction in loop)
        {
            var name = NameOf(instruction);
            var isVector = IsVector(instruction);
            if (isVector)
            {
                widths.Add(WidthOf(instruction));
            }

            var isFused = IsFused(name);
            var (loads, stores) = Accesses(information, instruction);
            var isStack = IsStack(instruction, hasFramePointer);
            counts = counts with
            {
                Instructions = counts.Instructions + 1,
                VectorInstructions = counts.VectorInstructions + One(isVector),
                Spills = counts.Spills + One(isStack && HasVectorRegister(instruction)),
                Gathers = counts.Gathers + One(name.Contains("gather", StringComparison.Ordinal)),
                Divisions = counts.Divisions + One(Bare(name).StartsWith("div", StringComparison.Ordinal) || name == "idiv"),
                SquareRoots = counts.SquareRoots + One(Bare(name).StartsWith("sqrt", StringComparison.Ordinal)),
                Calls = counts.Calls + One(instruction.FlowControl is FlowControl.Call or FlowControl.IndirectCall),
                Loads = counts.Loads + One(loads && !isStack),
                Stores = counts.Stores + One(stores && !isStack),
                Arithmetic = counts.Arithmetic + One(isFused || IsArithmetic(name)),
                FusedMultiplyAdds = counts.FusedMultiplyAdds + One(isFused),
            };
        }

        return counts with { VectorBits = [.. widths] };
    }

    /// <summary>Whether it works on whole vectors.</summary>
    public static bool IsVector(Instruction instruction)
    {
        if (!HasVectorRegister(instruction))
        {
            return false;
        }

        var name = NameOf(instruction);
        var isScalar = name.EndsWith("ss", StringComparison.Ordinal) || name.EndsWith("sd", StringComparison.Ordinal)
            || name is "vmovd" or "vmovq" or "movd" or "movq" || name.Contains("cvtsi", StringComparison.Ordinal) || name.Contains("cvtts", StringComparison.Ordinal);
        return !isScalar || name.Contains("broadcast", StringComparison.Ordinal);
    }

    private static string NameOf(Instruction instruction) => instruction.Mnemonic.ToString().ToLowerInvariant();

    /// <summary>The name without the letter of the newer encoding.</summary>
    private static string Bare(string name) => name.StartsWith('v') ? name[1..] : name;

    private static bool IsFused(string name) =>
        name.StartsWith("vfmadd", StringComparison.Ordinal) || name.StartsWith("vfmsub", StringComparison.Ordinal)
        || name.StartsWith("vfnmadd", StringComparison.Ordinal) || name.StartsWith("vfnmsub", StringComparison.Ordinal);

    private static bool IsArithmetic(string name) =>
        (name.EndsWith("ps", StringComparison.Ordinal) || name.EndsWith("pd", StringComparison.Ordinal)
            || name.EndsWith("ss", StringComparison.Ordinal) || name.EndsWith("sd", StringComparison.Ordinal))
        && arithmetic.Contains(Bare(name)[..^2]);

    private static bool HasVectorRegister(Instruction instruction) => WidthOf(instruction) > 0;

    private static int WidthOf(Instruction instruction)
    {
        var widest = 0;
        for (var i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Register)
            {
                var register = instruction.GetOpRegister(i);
                widest = Math.Max(widest, register.IsZMM() ? 512 : register.IsYMM() ? 256 : register.IsXMM() ? 128 : 0);
            }
        }

        return widest;
    }

    private static bool IsStack(Instruction instruction, bool hasFramePointer) =>
        HasMemory(instruction) && (instruction.MemoryBase == Register.RSP || (hasFramePointer && instruction.MemoryBase == Register.RBP));

    private static bool HasMemory(Instruction instruction)
    {
        for (var i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Memory)
            {
                return true;
            }
        }

        return false;
    }

    private static (bool Loads, bool Stores) Accesses(InstructionInfoFactory information, Instruction instruction)
    {
        if (!HasMemory(instruction) || instruction.Mnemonic is Mnemonic.Lea or Mnemonic.Prefetchnta or Mnemonic.Prefetcht0 or Mnemonic.Nop)
        {
            return (false, false);
        }

        var (loads, stores) = (false, false);
        foreach (var memory in information.GetInfo(instruction).GetUsedMemory())
        {
            loads |= memory.Access is OpAccess.Read or OpAccess.CondRead or OpAccess.ReadWrite or OpAccess.ReadCondWrite;
            stores |= memory.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;
        }

        return (loads, stores);
    }

    private static int One(bool isSo) => isSo ? 1 : 0;
}
