using System.Collections.Immutable;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels;

/// <summary>The machine code of a compiled kernel, as the runtime placed it and the processor executes it.</summary>
/// <param name="Name">The kernel's name.</param>
/// <param name="Description">What it is compiled for: the width of its vectors, how its operands lie in memory.</param>
/// <param name="VectorBits">Bits of the vectors it was emitted for.</param>
/// <param name="Address">Where its first instruction is.</param>
/// <param name="Bytes">Its instructions.</param>
public sealed record MachineCode(string Name, string Description, int VectorBits, long Address, ImmutableArray<byte> Bytes)
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Has the runtime tell where it places code, until the result is disposed. What is compiled meanwhile need not be compiled again to be shown.
    /// </summary>
    public static IDisposable Listen() => MethodLoads.Listen();

    /// <summary>The machine code of a loop, which is compiled anew if the runtime was not listened to when it was compiled; null when the runtime does not tell.</summary>
    internal static unsafe MachineCode? Of(string name, IEmittedLoop loop)
    {
        using var listening = MethodLoads.Listen();
        var method = loop.MethodName;
        if (!MethodLoads.TryFind(method, out var place))
        {
            loop.Emit();
            method = loop.MethodName;
            if (!MethodLoads.TryAwait(method, patience, out place))
            {
                return null;
            }
        }

        var bytes = new ReadOnlySpan<byte>((void*)place.Address, place.Length).ToImmutableArray();
        GC.KeepAlive(loop);
        return new(name, loop.Description, loop.VectorBits, place.Address, bytes);
    }
}
