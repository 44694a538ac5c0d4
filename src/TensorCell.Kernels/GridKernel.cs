using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels;

/// <summary>
/// A kernel: a C# method that is run once for each item of an index space, compiled to SIMD code and run on all cores. Its first parameter is
/// the item's index (an int, an <see cref="Index2"/>, an <see cref="Index3"/> or a <see cref="Group"/>); the others are arrays, views and numbers.
/// Variables that it captures are read at every launch. Items run in no order.
/// </summary>
public sealed unsafe partial class GridKernel
{
    private readonly GridProgram program;
    private readonly bool[] stored;
    private volatile Version? version;

    internal GridKernel(GridProgram program)
    {
        if (program.Views.Length > GridBinding.MostViews)
        {
            throw Throw.TooManyInputs(program.Name, program.Views.Length, GridBinding.MostViews);
        }

        this.program = program;
        var changed = StoredViews.Of(program);
        stored = [.. program.Views.Select(changed.Contains)];
    }

    /// <summary>The kernel's name, as errors and traces give it.</summary>
    public string Name => program.Name;

    /// <summary>How many axes the index space has, from 1 to 3.</summary>
    public int Rank => program.Rank;

    /// <summary>What is compiled.</summary>
    internal GridProgram Program => program;

    /// <summary>Compiles a method, lambda or local function. Machine code is made at the first launch.</summary>
    /// <exception cref="KernelRefusedException">It holds something that a kernel cannot.</exception>
    public static GridKernel Compile(Delegate kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return Compile(kernel.Method, kernel.Target);
    }

    /// <summary>Compiles a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">The object it belongs to, whose fields are captured variables; null for a static method.</param>
    /// <exception cref="KernelRefusedException">It holds something that a kernel cannot.</exception>
    public static GridKernel Compile(MethodInfo method, object? target = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        return new(KernelReader.ReadGrid(method, target));
    }

    /// <summary>Runs the kernel once for each item of a space, and returns when all are done; what items return is left.</summary>
    /// <param name="extent">How many items: a number, or a tuple with the outermost axis first.</param>
    /// <param name="arguments">The kernel's parameters after the index, in order: arrays or views, which it reads and writes in place, and numbers.</param>
    /// <exception cref="ArgumentException">Extent or arguments do not fit the kernel.</exception>
    /// <exception cref="IndexOutOfRangeException">An access was out of range; other items may have run.</exception>
    /// <exception cref="DivideByZeroException">An integer was divided by zero.</exception>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    public void Launch(Extent extent, params ReadOnlySpan<KernelArgument> arguments)
    {
        Launch(extent, arguments, [], []);
    }

    [SkipLocalsInit]
    private void Launch(Extent extent, ReadOnlySpan<KernelArgument> arguments, nint[] results, int[] resultSizes)
    {
        if (extent.Rank != Rank)
        {
            throw Throw.KernelExtent(Name, Rank, extent);
        }

        var binding = new GridBinding(program, arguments);
        if (extent.Count == 0)
        {
            return;
        }

        var start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;
        var code = Code(binding, withResults: results.Length > 0);
        var layout = code.Plan.Layout;
        var memory = stackalloc byte[layout.LaunchBytes + 64];
        memory = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        binding.Fill(memory, layout, program, extent);
        try
        {
            Pin(binding, 0, memory, code, extent, results, resultSizes);
        }
        catch (GridFault fault)
        {
            throw Throw.KernelIndex(Name, code.Plan.Operand(fault.Access).Name, fault.Dimension, fault.Index, fault.Extent);
        }

        if (start != 0 && Tracing.IsEnabled)
        {
            Tracing.Write(new(TraceKind.Kernel, Name, "cpu", start, Stopwatch.GetTimestamp(), binding.Bytes, code.Plan.FlopsPerItem * extent.Count));
        }
    }

    /// <summary>Holds one view after the other in place, and then runs.</summary>
    private void Pin(in GridBinding binding, int view, byte* block, GridCode code, Extent extent, nint[] results, int[] resultSizes)
    {
        if (view == binding.Views.Length)
        {
            Run(block, code, extent, results, resultSizes);
            return;
        }

        var address = (nint*)(block + code.Plan.Layout.Views + (view * GridLayout.ViewBytes) + GridLayout.Address);
        var memory = binding.Views[view].Memory;
        if (memory.Owner is Array array)
        {
            fixed (byte* first = &MemoryMarshal.GetArrayDataReference(array))
            {
                *address = (nint)first + memory.Offset;
                Pin(binding, view + 1, block, code, extent, results, resultSizes);
            }
        }
        else
        {
            *address = memory.Offset + (memory.Owner is IKernelMemory asked ? asked.Address(stored[view]) : 0);
            Pin(binding, view + 1, block, code, extent, results, resultSizes);
            GC.KeepAlive(memory.Owner);
        }
    }

    private static void Run(byte* block, GridCode code, Extent extent, nint[] results, int[] resultSizes)
    {
        var launch = new GridLaunch(code, block, extent, results, resultSizes);
        var token = Interruption.Token;
        if (!token.CanBeCanceled || !code.Plan.HasLoops)
        {
            launch.Run();
            return;
        }

        // Disposing waits for a callback that is running, so that none writes to the block after its time.
        using var stopping = token.UnsafeRegister(static stop => Volatile.Write(ref *(int*)(nint)stop!, 1), (nint)(block + GridLayout.Stop));
        launch.Run();
    }

    /// <summary>The code for views that lie so, at the present vector width.</summary>
    private GridCode Code(in GridBinding binding, bool withResults)
    {
        var (bits, contraction, units) = (VectorWidth.Bits, Optimizer.Contraction, binding.UnitDimensions);
        if (version is not { } present || present.Bits != bits || present.Contraction != contraction || present.WithResults != withResults)
        {
            var asked = withResults || program.Results.IsEmpty ? program : WithoutResults(program);
            version = present = new(GridOptimizer.Optimize(asked, contraction), bits, contraction, withResults);
        }

        return present.Code(units);
    }

    private static GridProgram WithoutResults(GridProgram program) => new()
    {
        Name = program.Name,
        Rank = program.Rank,
        Views = program.Views,
        Uniforms = program.Uniforms,
        Captures = program.Captures,
        GroupExtents = program.GroupExtents,
        Shared = program.Shared,
        Body = program.Body,
        Unchecked = program.Unchecked,
    };

    /// <summary>The kernel at one vector width.</summary>
    private sealed class Version(GridProgram optimized, int bits, bool contraction, bool withResults)
    {
        private readonly Lock gate = new();
        private List<(UInt128 Units, GridCode Code)> codes = [];

        public int Bits => bits;

        public bool Contraction => contraction;

        public bool WithResults => withResults;

        public GridCode Code(UInt128 units)
        {
            foreach (var (known, code) in Volatile.Read(ref codes))
            {
                if (known == units)
                {
                    return code;
                }
            }

            lock (gate)
            {
                var made = new GridCode(
                    optimized, bits, [.. Enumerable.Range(0, optimized.Views.Length).Select(view => (int)((uint)(units >> (4 * view)) & 15) - 1)], new HashSet<Statement>());
                codes = [.. codes, (units, made)];
                return made;
            }
        }
    }
}
