using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// The values of a function by their position among all of a <see cref="FoldDomain"/>, for operands that do not step evenly through its levels: they are
/// gathered.
/// </summary>
internal sealed unsafe class PackedPositions : IDisposable
{
    private readonly byte* memory;
    private readonly byte* uniforms;
    private readonly ElementwiseLaunch launch;
    private readonly KernelBody body;

    /// <param name="function">The function.</param>
    /// <param name="levels">The dimensions in their order.</param>
    /// <param name="shape">Their lengths.</param>
    /// <param name="inputs">What the function reads.</param>
    /// <param name="scalars">One for each of its uniforms.</param>
    public PackedPositions(
        KernelFunction function, DomainLevels levels, ReadOnlySpan<long> shape, ReadOnlySpan<Operand> inputs, ReadOnlySpan<Scalar> scalars)
    {
        CompiledKernel kernel = KernelCache.Get(function);
        int count = inputs.Length + 1;
        int spaceBytes = IterationSpace.Capacity(shape.Length, count) * sizeof(long);
        memory = (byte*)NativeMemory.Alloc((nuint)(spaceBytes + (count * (sizeof(byte*) + sizeof(int) + 1)) + kernel.Tables.UniformBytes + KernelTables.Stride));
        IterationSpace space = new((long*)memory, shape.Length);
        byte** origins = (byte**)(memory + spaceBytes);
        int* sizes = (int*)(origins + count);
        var kinds = (ElementwiseLaunch.OperandKind*)(sizes + count);
        Size = sizes[inputs.Length] = function.Results[0].Type.Size;
        origins[inputs.Length] = null;
        for (int i = 0; i < inputs.Length; i++)
        {
            origins[i] = (byte*)inputs[i].Address;
            sizes[i] = inputs[i].Type.Size;
        }

        int[] order = levels.Order;
        long values = 1;
        foreach (int d in order)
        {
            values *= shape[d];
        }

        Span<long> strides = stackalloc long[count];
        foreach (int d in order)
        {
            values /= Math.Max(1, shape[d]);
            for (int i = 0; i < inputs.Length; i++)
            {
                strides[i] = inputs[i].ByteStrides[d];
            }

            strides[^1] = values * Size;
            space.Append(shape[d], strides);
        }

        space.Merge(count);
        launch = new(kernel, space, (byte*)kinds + count, origins, sizes, kinds, inputs.Length, count);
        uniforms = launch.Uniforms;
        CompiledLoop loop = kernel.Loop(function.Name, new KernelAccess(launch.ChooseAccess(), false));
        body = loop.Body;
        kernel.FillUniforms(function, scalars, uniforms, body);
        if (LaunchLog.IsEnabled)
        {
            LaunchLog.Add(function, loop);
        }
    }

    ~PackedPositions() => NativeMemory.Free(memory);

    /// <summary>Bytes of a value.</summary>
    public int Size { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(memory);
        GC.SuppressFinalize(this);
    }

    /// <summary>Computes the values of positions that follow one another.</summary>
    public void Compute(long position, long count, byte* target) => launch.RunInto(body, position, count, target);
}
