using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Ptx;
using TensorCell.Kernels.Tests.Grid;

namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>Runs grid programs through the PTX back end and the interpreter.</summary>
internal static unsafe class PtxRun
{
    /// <summary>Runs a case in place, as the back end's text.</summary>
    /// <returns>The kernel that ran.</returns>
    /// <exception cref="IndexOutOfRangeException">An access was out of range.</exception>
    /// <exception cref="DivideByZeroException">An integer was divided by zero.</exception>
    public static PtxKernel Run(GridCase test, PtxFold? fold = null)
    {
        var kernel = PtxEmitter.Emit(GridOptimizer.Optimize(test.Program, contraction: false), fold);
        var program = PtxProgram.Load(kernel.Text)[kernel.Entry];
        using var memory = new PtxMemory();
        var addresses = new List<nint>();
        var views = new List<PtxView>();
        foreach (var view in test.Views)
        {
            var size = view.Operand.Storage.Size;
            var address = memory.Allocate(view.Bytes.Length);
            view.Bytes.CopyTo(new Span<byte>((void*)address, view.Bytes.Length));
            addresses.Add(address);
            views.Add(new(address + (nint)(view.Offset * size), view.Lengths, [.. view.Strides.Select(stride => stride * size)]));
        }

        var failure = memory.Allocate(PtxFailure.Size);
        *(PtxFailure*)failure = default;
        var launch = PtxLaunch.Of(kernel, [.. views], test.Uniforms, test.Extent, failure);
        Assert.Equal(program.Entry.Parameters.Select(parameter => parameter.Offset), launch.Offsets);
        program.Launch(memory, launch.Grid, launch.Block, launch.Parameters);
        for (var i = 0; i < addresses.Count; i++)
        {
            new Span<byte>((void*)addresses[i], test.Views[i].Bytes.Length).CopyTo(test.Views[i].Bytes);
        }

        var record = *(PtxFailure*)failure;
        return record.IsClaimed == 0 ? kernel : throw record.ToException(test.Program);
    }
}
