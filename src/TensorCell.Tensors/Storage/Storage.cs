using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>Memory that holds elements: the engine's own, or the user's, wrapped without a copy.</summary>
internal abstract unsafe class Storage : IDisposable
{
    private nint address;

    private protected Storage(nint address, long byteLength)
    {
        this.address = address;
        ByteLength = byteLength;
    }

    /// <summary>Where the first byte is, fixed for as long as this object is reachable and not disposed.</summary>
    public virtual nint Address => address;

    /// <summary>What holds it.</summary>
    public virtual Device Device => Device.Cpu;

    /// <summary>Where the first byte is, as kernels of its <see cref="Device"/> address it.</summary>
    public virtual nint DeviceAddress => Address;

    /// <summary>How many bytes there are.</summary>
    public long ByteLength { get; }

    /// <summary>Whether somebody else sees what is written to it, so that a tensor keeps it when it is assigned other elements.</summary>
    public virtual bool IsShared => false;

    /// <summary>Whether <see cref="Dispose()"/> was called.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Whether it is the memory of a value; else it is still being filled.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Memory that was given up.</summary>
    public static Storage Nothing { get; } = GivenUp();

    /// <summary>Uninitialised memory of the engine.</summary>
    public static Storage Allocate(long byteLength)
    {
        Storage storage = (ulong)byteLength <= SlabStorage.MaximumByteLength ? new SlabStorage(byteLength) : new OwnedStorage(byteLength);
        TensorScope.Current?.Add(storage);
        UnfinishedStorage.Add(storage);
        return storage;
    }

    /// <summary>Uninitialised memory of the engine on a device.</summary>
    public static Storage Allocate(long byteLength, Device device)
    {
        if (device is not CudaDevice cuda)
        {
            return Allocate(byteLength);
        }

        Storage storage = new CudaStorage(cuda, byteLength);
        TensorScope.Current?.Add(storage);
        UnfinishedStorage.Add(storage);
        return storage;
    }

    /// <summary>A user's array of any rank, pinned while the storage lives.</summary>
    public static Storage WrapArray<T>(Array array)
        where T : unmanaged => new ArrayStorage<T>(array);

    /// <summary>A user's memory, pinned while the storage lives.</summary>
    public static Storage Wrap<T>(Memory<T> memory)
        where T : unmanaged => new MemoryStorage<T>(memory);

    /// <summary>Memory that somebody else owns, handed back when the storage is disposed or collected.</summary>
    /// <param name="address">Its first byte, of any alignment.</param>
    /// <param name="byteLength">How many bytes there are.</param>
    /// <param name="release">Called once, from whichever thread, when nothing reaches the memory any more.</param>
    public static Storage WrapForeign(nint address, long byteLength, Action release)
    {
        Storage storage = new ForeignStorage(address, byteLength, release);
        TensorScope.Current?.Add(storage);
        return storage;
    }

    /// <summary>
    /// A span that keeps the memory alive by itself. Memory that was lent as a span is found again later when the tensor is dropped,
    /// so what does not outlive a call is copied instead.
    /// </summary>
    /// <param name="offset">First element.</param>
    /// <param name="length">Number of elements.</param>
    public abstract Span<T> AsSpan<T>(long offset, int length)
        where T : unmanaged;

    /// <summary>Copies elements out.</summary>
    /// <param name="offset">First element.</param>
    /// <param name="target">Where they go, as many as it holds.</param>
    public virtual void CopyTo<T>(long offset, Span<T> target)
        where T : unmanaged
    {
        new ReadOnlySpan<T>(Place<T>(offset), target.Length).CopyTo(target);
        GC.KeepAlive(this);
    }

    /// <summary>Copies elements in.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="offset">Where the first goes.</param>
    public virtual void CopyFrom<T>(ReadOnlySpan<T> source, long offset)
        where T : unmanaged
    {
        source.CopyTo(new Span<T>(Place<T>(offset), source.Length));
        GC.KeepAlive(this);
    }

    /// <summary>An element.</summary>
    public virtual T Read<T>(long offset)
        where T : unmanaged
    {
        T element = *Place<T>(offset);
        GC.KeepAlive(this);
        return element;
    }

    /// <summary>Returns the memory; nothing may read it afterwards.</summary>
    public void Dispose()
    {
        if (!IsDisposed)
        {
            IsDisposed = true;
            Release();
            address = 0;
            GC.SuppressFinalize(this);
        }
    }

    private protected abstract void Release();

    private static Storage GivenUp()
    {
        Storage nothing = WrapArray<byte>(Array.Empty<byte>());
        nothing.Dispose();
        return nothing;
    }

    private T* Place<T>(long offset)
        where T : unmanaged
    {
        nint first = Address;
        if (first == 0)
        {
            Throw.Disposed();
        }

        return (T*)first + offset;
    }

    private sealed class ArrayStorage<T> : Storage
        where T : unmanaged
    {
        private readonly Array array;
        private GCHandle pin;

        public ArrayStorage(Array array)
            : this(array, GCHandle.Alloc(array, GCHandleType.Pinned))
        {
        }

        private ArrayStorage(Array array, GCHandle pin)
            : base(pin.AddrOfPinnedObject(), array.LongLength * sizeof(T))
        {
            this.array = array;
            this.pin = pin;
        }

        ~ArrayStorage() => Release();

        public override bool IsShared => true;

        public override Span<TElement> AsSpan<TElement>(long offset, int length) => MemoryMarshal.CreateSpan(
            ref Unsafe.Add(ref Unsafe.As<byte, TElement>(ref MemoryMarshal.GetArrayDataReference(array)), (nint)offset), length);

        private protected override void Release() => pin.Free();
    }

    private sealed class MemoryStorage<T> : Storage
        where T : unmanaged
    {
        private readonly Memory<T> memory;
        private MemoryHandle pin;

        public MemoryStorage(Memory<T> memory)
            : this(memory, memory.Pin())
        {
        }

        private MemoryStorage(Memory<T> memory, MemoryHandle pin)
            : base((nint)pin.Pointer, (long)memory.Length * sizeof(T))
        {
            this.memory = memory;
            this.pin = pin;
        }

        ~MemoryStorage() => Release();

        public override bool IsShared => true;

        public override Span<TElement> AsSpan<TElement>(long offset, int length) =>
            MemoryMarshal.Cast<T, TElement>(memory.Span).Slice((int)offset, length);

        private protected override void Release() => pin.Dispose();
    }

    /// <summary>
    /// A few bytes of a pinned array shared with other small storages: scalars and short vectors come and go in great numbers, and
    /// this way need neither an array nor a finalizer each.
    /// </summary>
    private sealed class SlabStorage : Storage
    {
        public const int MaximumByteLength = 512;
        private const int SlabLength = 1 << 15;
        private const int Alignment = CpuBuffer.Alignment;

        [ThreadStatic]
        private static byte[]? currentSlab;

        [ThreadStatic]
        private static int used;

        private readonly byte[] slab;

        public SlabStorage(long byteLength)
            : this(Reserve((int)byteLength, out byte[] slab), byteLength, slab)
        {
        }

        private SlabStorage(nint address, long byteLength, byte[] slab)
            : base(address, byteLength) => this.slab = slab;

        public override Span<T> AsSpan<T>(long offset, int length) => MemoryMarshal.CreateSpan(
            ref Unsafe.Add(
                ref Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref slab[0], Address - (nint)Unsafe.AsPointer(ref slab[0]))), (nint)offset),
            length);

        private protected override void Release()
        {
        }

        private static nint Reserve(int byteLength, out byte[] slab)
        {
            int length = Math.Max(Alignment, (byteLength + Alignment - 1) & -Alignment);
            if (currentSlab is null || used + length > SlabLength)
            {
                currentSlab = GC.AllocateUninitializedArray<byte>(SlabLength + Alignment, pinned: true);
                used = 0;
            }

            slab = currentSlab;
            nint start = ((nint)Unsafe.AsPointer(ref slab[0]) + Alignment - 1) & -Alignment;
            nint address = start + used;
            used += length;
            return address;
        }
    }

    private sealed class OwnedStorage : Storage
    {
        private readonly CpuBuffer buffer;

        public OwnedStorage(long byteLength)
            : this(CpuBuffer.Allocate(byteLength))
        {
        }

        private OwnedStorage(CpuBuffer buffer)
            : base(buffer.Address, buffer.ByteLength) => this.buffer = buffer;

        // The buffer's own, which is an error where a finalizer of the user's reaches a tensor whose memory has been reclaimed.
        public override nint Address => buffer.Address;

        public override Span<T> AsSpan<T>(long offset, int length) => length == 0
            ? []
            : MemoryMarshal.CreateSpan(
                ref Unsafe.Add(ref MemoryMarshal.GetReference(buffer.AsSpan<T>(1)), (nint)offset), length);

        private protected override void Release() => buffer.Dispose();
    }

    /// <summary>
    /// A span cannot keep foreign memory alive. So the first one that is asked for moves the elements to memory of the engine; the
    /// foreign memory is kept beside it, for kernels that read it meanwhile.
    /// </summary>
    private sealed class ForeignStorage : Storage
    {
        private readonly Action release;
        private volatile CpuBuffer? moved;

        public ForeignStorage(nint address, long byteLength, Action release)
            : base(address, byteLength)
        {
            this.release = release;
            if (byteLength > 0)
            {
                GC.AddMemoryPressure(byteLength);
            }
        }

        ~ForeignStorage() => ReleaseForeign();

        public override nint Address => moved?.Address ?? base.Address;

        public override Span<T> AsSpan<T>(long offset, int length)
        {
            if (length == 0)
            {
                return [];
            }

            if (base.Address == 0)
            {
                Throw.Disposed();
            }

            lock (release)
            {
                if (moved is null)
                {
                    CpuBuffer buffer = CpuBuffer.Allocate(ByteLength);
                    Buffer.MemoryCopy((void*)base.Address, (void*)buffer.Address, ByteLength, ByteLength);
                    moved = buffer;
                }
            }

            return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(moved.AsSpan<T>(1)), (nint)offset), length);
        }

        private protected override void Release()
        {
            moved?.Dispose();
            ReleaseForeign();
        }

        private void ReleaseForeign()
        {
            if (ByteLength > 0)
            {
                GC.RemoveMemoryPressure(ByteLength);
            }

            release();
        }
    }
}
