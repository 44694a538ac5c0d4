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
    private GridVersion? version;
    private GridVersion? versionWithResults;

    internal GridKernel(GridProgram program)
    {
        if (program.Views.Length > GridBinding.MostViews)
        {
            throw Throw.TooManyInputs(program.Name, program.Views.Length, GridBinding.MostViews);
        }

        if (!program.GroupExtents.IsEmpty)
        {
            GroupPlan.Of(program);
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
    /// <param name="kernel">It; a method of an earlier cell in a lambda, <c>(int i, View&lt;float&gt; x) => F(i, x)</c>, since a script's compiler gives such a method no type.</param>
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
        Run(extent, arguments, [], static launch => launch.Run());
    }

    /// <summary>Runs the kernel and writes what items return, item after item, to where the caller says and holds it in place.</summary>
    internal void LaunchInto(Extent extent, ReadOnlySpan<KernelArgument> arguments, params nint[] results)
    {
        if (results.Length != program.Results.Length)
        {
            throw Throw.ArgumentCount(Name, "results", results.Length, program.Results.Length);
        }

        Run(extent, arguments, results, static launch => launch.Run());
    }

    /// <summary>Runs the kernel on the device that its views lie on; where that is not the processor, folds the results itself if asked to.</summary>
    [SkipLocalsInit]
    private Scalar? Run(
        Extent extent, ReadOnlySpan<KernelArgument> arguments, nint[] results, Action<GridLaunch> run, ReduceOperation? fold = null)
    {
        if (extent.Rank != Rank)
        {
            throw Throw.KernelExtent(Name, Rank, extent);
        }

        var binding = new GridBinding(program, arguments);
        for (var view = 0; view < stored.Length; view++)
        {
            if (stored[view] && binding.Views[view].SharesElements)
            {
                throw Throw.KernelSharedElements(program.Views[view].Name, Name);
            }
        }

        if (extent.Count == 0)
        {
            return null;
        }

        if (CudaGrid.DeviceOf(program, binding.Views) is { } device)
        {
            var grid = new CudaGrid(device, program, extent, binding.Views, stored, binding.Uniforms);
            if (fold is { } operation)
            {
                return grid.Reduce(operation);
            }

            grid.Run(results);
            return null;
        }

        var code = Version(withResults: results.Length > 0).Code(binding, extent, out var interior);
        var layout = code.Plan.Layout;
        var memory = stackalloc byte[layout.LaunchBytes + 64];
        memory = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        binding.Fill(memory, layout, program, extent, interior);
        var launch = new GridLaunch(code, memory, extent, results, binding.Bytes);
        var start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;
        try
        {
            Pin(binding, 0, memory, launch, run);
        }
        catch (GridFault fault)
        {
            throw Throw.KernelIndex(Name, NameOf(code.Operand(fault.Access)), fault.Dimension, fault.Index, fault.Extent);
        }
        catch (DivideByZeroException)
        {
            throw Throw.KernelDivision(Name);
        }

        if (start != 0 && Tracing.IsEnabled)
        {
            var end = Stopwatch.GetTimestamp();
            var item = GridFlops.PerItem(code.Plan, binding, extent);
            Tracing.Write(new(TraceKind.Kernel, Name, "cpu", start, end, binding.Bytes, item.Flops * extent.Count) { FlopsAreLeast = item.IsLeast });
        }

        return null;
    }

    /// <summary>Code is shared with kernels that name their views otherwise.</summary>
    private string NameOf(MemoryOperand operand) => operand is ViewOperand view ? program.Views[view.Index].Name : program.Shared[((SharedOperand)operand).Index].Name;

    /// <summary>Holds one view after the other in place, and then runs.</summary>
    private void Pin(in GridBinding binding, int view, byte* block, GridLaunch launch, Action<GridLaunch> run)
    {
        if (view == binding.Views.Length)
        {
            Run(block, launch, run);
            return;
        }

        var address = (nint*)(block + launch.Code.Plan.Layout.Views + (view * GridLayout.ViewBytes) + GridLayout.Address);
        var memory = binding.Views[view].Memory;
        if (memory.Owner is Array array)
        {
            fixed (byte* first = &MemoryMarshal.GetArrayDataReference(array))
            {
                *address = (nint)first + memory.Offset;
                Pin(binding, view + 1, block, launch, run);
            }
        }
        else
        {
            *address = memory.Offset + (memory.Owner is IKernelMemory asked ? asked.Address(stored[view]) : 0);
            Pin(binding, view + 1, block, launch, run);
            GC.KeepAlive(memory.Owner);
        }
    }

    private static void Run(byte* block, GridLaunch launch, Action<GridLaunch> run)
    {
        var token = Interruption.Token;
        if (!token.CanBeCanceled || !launch.Code.Plan.HasLoops)
        {
            run(launch);
            return;
        }

        // Disposing waits for a callback that is running, so that none writes to the block after its time.
        using var stopping = token.UnsafeRegister(static stop => Volatile.Write(ref *(int*)(nint)stop!, 1), (nint)(block + GridLayout.Stop));
        run(launch);
    }

    /// <summary>The program at the present vector width.</summary>
    private GridVersion Version(bool withResults)
    {
        var (bits, contraction) = (VectorWidth.Bits, Optimizer.Contraction);
        ref var known = ref withResults ? ref versionWithResults : ref version;
        if (Volatile.Read(ref known) is { } present && present.Bits == bits && present.Contraction == contraction)
        {
            CodeCache.CountHit();
            return present;
        }

        var made = GridVersion.Of(withResults ? program : ResultViews.Without(program), bits, contraction);
        Volatile.Write(ref known, made);
        return made;
    }
}
