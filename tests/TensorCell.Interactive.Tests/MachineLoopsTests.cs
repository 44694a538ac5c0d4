using Iced.Intel;
using TensorCell.Interactive.Explaining;
using static Iced.Intel.AssemblerRegisters;

namespace TensorCell.Interactive.Tests;

/// <summary>The loops of machine code are those that control turns in, wherever their blocks lie.</summary>
public sealed class MachineLoopsTests
{
    [Fact]
    public void Blocks_that_lie_apart_are_of_the_loop_and_those_between_are_not()
    {
        var code = new Assembler(64);
        var (turn, aside, back, leave) = (code.CreateLabel(), code.CreateLabel(), code.CreateLabel(), code.CreateLabel());
        code.xor(eax, eax);
        code.jmp(turn);
        // Between the loop's blocks lies what comes after it.
        code.Label(ref leave);
        code.nop();
        code.ret();
        code.Label(ref back);
        code.inc(eax);
        code.Label(ref turn);
        code.cmp(eax, edi);
        code.jge(leave);
        code.test(eax, esi);
        code.jne(aside);
        code.jmp(back);
        // As the compiler lays out what it holds for rare: at the end, with a jump back into the midst of the loop.
        code.Label(ref aside);
        code.call(0x1000);
        code.jmp(back);

        var loop = Assert.Single(MachineLoops.Innermost(Decode(code)));
        Assert.Equal(
            [Mnemonic.Inc, Mnemonic.Cmp, Mnemonic.Jge, Mnemonic.Test, Mnemonic.Jne, Mnemonic.Jmp, Mnemonic.Call, Mnemonic.Jmp],
            loop.Select(instruction => instruction.Mnemonic));
    }

    [Fact]
    public void Only_loops_without_loops_within_are_innermost()
    {
        var code = new Assembler(64);
        var (outer, first, second) = (code.CreateLabel(), code.CreateLabel(), code.CreateLabel());
        code.Label(ref outer);
        code.xor(ecx, ecx);
        code.Label(ref first);
        code.inc(ecx);
        code.cmp(ecx, esi);
        code.jl(first);
        code.Label(ref second);
        code.dec(ecx);
        code.jne(second);
        code.dec(edi);
        code.jne(outer);
        code.ret();

        var loops = MachineLoops.Innermost(Decode(code));
        Assert.Equal([[Mnemonic.Inc, Mnemonic.Cmp, Mnemonic.Jl], [Mnemonic.Dec, Mnemonic.Jne]], loops.Select(loop => loop.Select(instruction => instruction.Mnemonic)));
    }

    [Fact]
    public void Straight_code_has_none()
    {
        var code = new Assembler(64);
        var done = code.CreateLabel();
        code.test(eax, eax);
        code.je(done);
        code.nop();
        code.Label(ref done);
        code.ret();
        Assert.Empty(MachineLoops.Innermost(Decode(code)));
        Assert.Empty(MachineLoops.Innermost([]));
    }

    private static List<Instruction> Decode(Assembler code)
    {
        using var stream = new MemoryStream();
        code.Assemble(new StreamCodeWriter(stream), 0x4000);
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(stream.ToArray()), 0x4000);
        var result = new List<Instruction>();
        while (decoder.IP < 0x4000 + (ulong)stream.Length)
        {
            result.Add(decoder.Decode());
        }

        return result;
    }
}
