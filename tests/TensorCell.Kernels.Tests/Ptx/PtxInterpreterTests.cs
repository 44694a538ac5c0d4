namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>The strict interpreter refuses what ptxas refuses, and what goes wrong on a GPU.</summary>
public sealed unsafe class PtxInterpreterTests
{
    [Theory]
    [InlineData("add.f32 %f0, %f0, %f1;", "unknown instruction add.f32")]
    [InlineData("add.rn.ftz.f32 %f0, %f0, %f1;", "unknown instruction add.rn.ftz.f32")]
    [InlineData("add.rn.f32 %f0, %fd0, %f1;", "%fd0 is .f64, add.rn.f32 takes .f32 there")]
    [InlineData("add.s32 %r0, %rd0, %r1;", "%rd0 is .b64, add.s32 takes .s32 there")]
    [InlineData("add.s32 %r0, %f0, %r1;", "%f0 is .f32, add.s32 takes .s32 there")]
    [InlineData("add.rn.f64 %fd0, %fd0, 0f3F800000;", "number of 32 bits as .f64")]
    [InlineData("add.s32 %r0, %r1, 4294967296;", "4294967296 does not fit .s32")]
    [InlineData("add.s32 %r0, %r1;", "add.s32 takes 3 operands, not 2")]
    [InlineData("add.s32 %r9, %r0, %r1;", "%r9 is not declared")]
    [InlineData("add.s32 %r0, %r0, %nothing;", "%nothing is not declared, or may not stand there")]
    [InlineData("add.s32 %r0, %r0, %tid.x;", "%tid.x is not declared, or may not stand there")]
    [InlineData("@%r0 add.s32 %r0, %r0, %r1;", "%r0 is .b32")]
    [InlineData("bra NOWHERE;", "there is no label")]
    [InlineData("mov.b32 %r0, %rd0;", "%rd0 is .b64")]
    [InlineData("selp.b32 %r0, %r0, %r1, %r1;", "%r1 is .b32, selp.b32 takes .pred there")]
    [InlineData("cvt.rn.f32.s32 %f0, %f1;", "%f1 is .f32, cvt.rn.f32.s32 takes .s32 there")]
    [InlineData("shl.b64 %rd0, %rd0, %rd0;", "%rd0 is .b64, shl.b64 takes .u32 there")]
    [InlineData("ld.param.u32 %r0, [address];", "address is .u64, loaded as .u32")]
    [InlineData("ld.param.u64 %rd0, [nothing];", "is no parameter")]
    [InlineData("ld.global.b64 %r0, [%rd0];", "%r0 is .b32, ld.global.b64 gives .b64")]
    [InlineData("ld.global.b32 %r0, [%r0];", "%r0 is .b32, ld.global.b32 takes .u64 there")]
    [InlineData("ld.local.b32 %r0, [%rd0];", "unknown instruction ld.local.b32")]
    [InlineData("atom.global.add.s32 %r0, [%rd0], 1;", "unknown instruction atom.global.add.s32")]
    [InlineData("shfl.sync.down.b32 %r0, %rd0, 1, 31, -1;", "%rd0 is .b64")]
    [InlineData("bar.sync 16;", "bar.sync takes a barrier from 0 to 15")]
    public void RefusesWhatPtxasRefuses(string instruction, string problem)
    {
        var error = Assert.Throws<PtxException>(() => PtxProgram.Load(Module(instruction)));
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".version 5.0\n.target sm_70\n.address_size 64", "need 6.0")]
    [InlineData(".version 6.0\n.target sm_20\n.address_size 64", ".target sm_20")]
    [InlineData(".version 6.0\n.target sm_70\n.address_size 32", "32 where 64 is wanted")]
    [InlineData(".version 6.0\n.target sm_70\n.address_size 64\n.global .b32 x;", ".global where .visible is wanted")]
    [InlineData(".version 6.0\n.target sm_70\n.address_size 64\n#", "unreadable")]
    [InlineData(".version 6.0\n.target sm_70\n.address_size 64\n.visible .entry k() {\n.reg .b32 %r<2>;\n.reg .b32 %r<3>;\nret;\n}", "%r0 is declared twice")]
    [InlineData(".version 6.0\n.target sm_70\n.address_size 64\n.visible .entry k() {\nA: ret;\nA: ret;\n}", "label A stands twice")]
    [InlineData(".version 6.0\n.target sm_70\n.address_size 64\n.visible .entry k() {\nret\n}", "} is no name")]
    public void RefusesModulesThatAreNotWellFormed(string text, string problem)
    {
        var error = Record.Exception(() => PtxProgram.Load(text));
        Assert.Contains(problem, Assert.IsType<PtxException>(error).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ld.global.b32 %r0, [%rd0+2];", "misaligned access of 4 bytes")]
    [InlineData("ld.global.b32 %r0, [%rd0+64];", "out of bounds")]
    [InlineData("ld.global.b64 %rd0, [%rd0+60];", "misaligned")]
    [InlineData("st.global.b32 [%rd0+68], 0;", "out of bounds")]
    [InlineData("atom.global.add.u32 %r0, [%rd0+64], 1;", "out of bounds")]
    [InlineData("mov.u64 %rd0, tile;\n ld.global.b32 %r0, [%rd0];", "out of bounds")]
    [InlineData("ld.shared.b32 %r0, [%rd0];", "of shared memory")]
    [InlineData("mov.u64 %rd0, tile;\n st.shared.b32 [%rd0+32], 0;", "out of bounds of all variables")]
    [InlineData("mov.u64 %rd0, tile;\n ld.shared.b64 %rd0, [%rd0+4];", "misaligned")]
    [InlineData("add.s32 %r0, %r5, 1;", "%r5 is read before it was written")]
    [InlineData("div.s32 %r0, %r1, 0;", "div: the result is not specified")]
    [InlineData("setp.lt.s32 %p0, %r1, 16;\n @%p0 bar.sync 0;", "lanes of a warp have diverged")]
    [InlineData("setp.lt.s32 %p0, %r1, 16;\n @%p0 bra OTHER;\n bar.sync 0;\nOTHER:\n add.s32 %r1, %r1, 1;", "bar.sync")]
    [InlineData("setp.lt.s32 %p0, %r1, 32;\n @%p0 bra OTHER;\n bar.sync 0;\nOTHER:\n add.s32 %r1, %r1, 1;", "threads of the block have returned without it")]
    [InlineData("setp.lt.s32 %p0, %r1, 32;\n @%p0 bra OTHER;\n bar.sync 0;\n bra LAST;\nOTHER:\n bar.sync 0;\nLAST: add.s32 %r1, %r1, 1;", "wait at different barriers")]
    [InlineData("setp.lt.s32 %p0, %r1, 16;\n @%p0 bra OTHER;\n shfl.sync.down.b32 %r0, %r1, 1, 31, -1;\nOTHER:\n add.s32 %r1, %r1, 1;", "lanes of the membermask are elsewhere")]
    [InlineData("shfl.sync.down.b32 %r0, %r1, 1, 31, 1;", "outside its own membermask")]
    public void RefusesWhatGoesWrong(string instructions, string problem)
    {
        using var memory = new PtxMemory();
        var address = memory.Allocate(64);
        var program = PtxProgram.Load(Module(instructions))["k"];
        var error = Assert.Throws<PtxException>(() => program.Launch(memory, [1, 1, 1], [64, 1, 1], BitConverter.GetBytes((long)address)));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1, 1, 1, 1, 1, "a block of 1 x 1 x 1 where .reqntid says otherwise")]
    [InlineData(1, 70000, 1, 8, 1, 1, "a grid of")]
    [InlineData(1, 1, 1, 2048, 1, 1, "a block of 2048")]
    public void RefusesLaunchesThatDoNotFit(int gx, int gy, int gz, int bx, int by, int bz, string problem)
    {
        const string Text = ".version 6.0\n.target sm_70\n.address_size 64\n.visible .entry k()\n.reqntid 8, 1, 1\n{\nret;\n}";
        using var memory = new PtxMemory();
        var error = Assert.Throws<PtxException>(() => PtxProgram.Load(Text)["k"].Launch(memory, [gx, gy, gz], [bx, by, bz], []));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LanesThatExitAreNotWaitedFor()
    {
        using var memory = new PtxMemory();
        var address = memory.Allocate(64);
        var program = PtxProgram.Load(Module("setp.lt.s32 %p0, %r1, 16;\n @%p0 exit;\n bar.sync 0;\n st.global.b32 [%rd0], %r1;"))["k"];
        program.Launch(memory, [1, 1, 1], [64, 1, 1], BitConverter.GetBytes((long)address));
        Assert.Equal(63, *(int*)address);
    }

    private static string Module(string instructions) => $$"""
        .version 6.0
        .target sm_70
        .address_size 64
        .visible .entry k(.param .u64 address)
        {
            .reg .pred %p<2>;
            .reg .b32 %r<6>;
            .reg .b64 %rd<2>;
            .reg .f32 %f<2>;
            .reg .f64 %fd<2>;
            .shared .align 8 .b8 tile[32];
            ld.param.u64 %rd0, [address];
            mov.u32 %r1, %tid.x;
            mov.b32 %r0, 0;
            {{instructions}}
            ret;
        }
        """;
}
