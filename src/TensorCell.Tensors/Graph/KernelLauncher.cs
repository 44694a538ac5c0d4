using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Graph;

/// <summary>Launches groups: finds the kernel of an equal group launched before, or builds it, and binds addresses and scalars.</summary>
internal sealed class KernelLauncher
{
    /// <summary>Kernels remembered before all are forgotten; only a program that keeps making new graphs gets there.</summary>
    private const int CacheLimit = 8192;

    private static readonly ConcurrentDictionary<GroupKey, KernelFunction> cache = new(new GroupKey.Comparer());

    private readonly List<Kernels.Simd.Operand> inputs = [];
    private readonly List<Kernels.Simd.Operand> outputs = [];
    private readonly List<Scalar> uniforms = [];
    private readonly List<Storage> stored = [];
    private readonly List<Storage> copies = [];

    /// <summary>Computes the outputs of a group and stores them.</summary>
    public void RunElementwise(Group group)
    {
        KernelFunction body = Find(group, 0, null, default);
        Layout layout = group.Nodes[^1].Value.Layout;
        Device device = Bind(group);
        outputs.Clear();
        stored.Clear();
        foreach (int output in group.Outputs)
        {
            Value value = group.Nodes[output].Value;
            Storage storage = value.Place is { Storage: { } held } place && ReferenceEquals(held.Device, device) && InPlace.IsSafe(group, place)
                ? held
                : Storage.Allocate(layout.Shape.Count * value.DType.Size, device);
            stored.Add(storage);
            outputs.Add(new Kernels.Simd.Operand(storage.DeviceAddress, value.DType, layout.ByteStrides(value.DType.Size)));
        }

        if (layout.Shape.Count > 0 && device is CudaDevice cuda)
        {
            CudaElementwise.Run(
                cuda,
                body,
                layout.LongLengths,
                CollectionsMarshal.AsSpan(inputs),
                CollectionsMarshal.AsSpan(outputs),
                CollectionsMarshal.AsSpan(uniforms));
        }
        else if (layout.Shape.Count > 0)
        {
            Elementwise.Run(
                body,
                layout.LongLengths,
                CollectionsMarshal.AsSpan(inputs),
                CollectionsMarshal.AsSpan(outputs),
                CollectionsMarshal.AsSpan(uniforms));
        }

        for (int index = 0; index < stored.Count; index++)
        {
            group.Nodes[group.Outputs[index]].Value.Store(stored[index]);
        }

        GC.KeepAlive(copies);
    }

    /// <summary>Lets go of all storages.</summary>
    public void Clear()
    {
        stored.Clear();
        copies.Clear();
    }

    /// <summary>Computes a reduction, with the elementwise operations that lead to it.</summary>
    public Storage RunReduction(Group group, ReductionOperation reduction, Value target)
    {
        if (reduction.Inputs[0].Layout.Shape.Count == 0)
        {
            return OfNothing(reduction, target);
        }

        KernelFunction map = Find(group, 1 + (int)reduction.Fold, reduction.Name, reduction.Type);
        Layout layout = reduction.Inputs[0].Layout;
        Device device = Bind(group);
        Storage storage = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size, device);
        long[] strides = new long[layout.Shape.Rank];
        int kept = 0;
        for (int axis = 0; axis < strides.Length; axis++)
        {
            strides[axis] = Array.IndexOf(reduction.Axes, axis) >= 0 ? 0 : target.Layout.Strides[kept++] * target.DType.Size;
        }

        if (device is CudaDevice cuda)
        {
            CudaReduction.Run(
                cuda,
                map,
                reduction.Fold,
                layout.LongLengths,
                reduction.Axes,
                CollectionsMarshal.AsSpan(inputs),
                new Kernels.Simd.Operand(storage.DeviceAddress, target.DType, strides),
                CollectionsMarshal.AsSpan(uniforms));
        }
        else
        {
            Reduction.Run(
                map,
                reduction.Fold,
                layout.LongLengths,
                reduction.Axes,
                CollectionsMarshal.AsSpan(inputs),
                new Kernels.Simd.Operand(storage.Address, target.DType, strides),
                CollectionsMarshal.AsSpan(uniforms));
        }

        GC.KeepAlive(storage);
        GC.KeepAlive(copies);
        return storage;
    }

    /// <summary>What folding no elements gives: there is a sum and, as NaN, a mean; extremes are refused before they get here.</summary>
    private static Storage OfNothing(ReductionOperation reduction, Value target)
    {
        long count = target.Layout.Shape.Count;
        Storage storage = Storage.Allocate(count * target.DType.Size);
        new Number(reduction.Fold == ReduceOperation.Mean ? double.NaN : 0).Fill(target.DType, storage, count);
        return storage;
    }

    /// <summary>The kernel of a group: one made before for an equal group, or a new one.</summary>
    public static KernelFunction Find(Group group, int kind, string? name, DType rootType)
    {
        ReadOnlySpan<int> key = group.CompleteKey(kind, rootType);
        if (cache.GetAlternateLookup<ReadOnlySpan<int>>().TryGetValue(key, out KernelFunction? function))
        {
            return function;
        }

        function = KernelBuilder.Build(group, name, rootType);
        if (cache.Count >= CacheLimit)
        {
            cache.Clear();
        }

        return cache.GetOrAdd(new GroupKey(key), function);
    }

    /// <summary>Gathers operands and scalars, and says on which device they are.</summary>
    private Device Bind(Group group)
    {
        inputs.Clear();
        uniforms.Clear();
        copies.Clear();
        Device device = DeviceOf(group);
        foreach (ref readonly Operand leaf in group.Leaves)
        {
            Storage storage = leaf.Value.Storage!;
            if (storage.IsDisposed)
            {
                Throw.Disposed();
            }

            if (!ReferenceEquals(storage.Device, device))
            {
                storage = DeviceCopies.On(storage, device);
                copies.Add(storage);
            }

            int size = leaf.Value.DType.Size;
            inputs.Add(new Kernels.Simd.Operand(
                storage.DeviceAddress + (nint)(leaf.Layout.Offset * size), leaf.Value.DType, leaf.Layout.ByteStrides(size)));
        }

        foreach (ref readonly Group.Uniform uniform in group.Uniforms)
        {
            uniforms.Add(uniform.Number.As(uniform.Type));
        }

        return device;
    }

    /// <summary>Where the group's operands are; what was computed from constants alone may be elsewhere.</summary>
    private static Device DeviceOf(Group group)
    {
        foreach (ref readonly Operand leaf in group.Leaves)
        {
            if (leaf.Value.Device is { } device)
            {
                return device;
            }
        }

        return Device.Cpu;
    }
}
