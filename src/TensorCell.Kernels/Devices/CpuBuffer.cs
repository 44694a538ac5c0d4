using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TensorCell.Kernels;

/// <summary>
/// Uninitialised memory for tensors on the processor, aligned to 64 bytes: an array on the pinned object heap, so that its address
/// never changes and a span over it keeps it alive; or memory of a foreign owner.
/// </summary>
/// <remarks>
/// <see cref="Dispose"/> returns an array to the pool, from which the next buffer of about its size is served without page faults.
/// A buffer that is merely dropped returns it when a collection finds that neither the buffer nor a span over it is left. Whoever
/// uses <see cref="Address"/> keeps the buffer alive meanwhile (<see cref="GC.KeepAlive"/>).
/// </remarks>
public sealed unsafe class CpuBuffer : IDisposable
{
    /// <summary>Every buffer of the engine's own begins at a multiple of this many bytes.</summary>
    public const int Alignment = 64;

    private readonly Action? release;
    private CacheLine[]? lines;
    private nint address;
    private int isDisposed;

    // Weak, and made with the first span: it loses its target in the first full collection that finds no span left. A handle rather
    // than an object, which could be finalized, and so lose its target, before this one.
    private GCHandle spanned;

    private CpuBuffer(CacheLine[] lines, long byteLength)
    {
        this.lines = lines;
        address = AlignedAddress(lines);
        ByteLength = byteLength;
    }

    private CpuBuffer(nint address, long byteLength, Action? release)
    {
        this.address = address;
        this.release = release;
        ByteLength = byteLength;
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the memory of a dropped buffer to the pool, unless a span over it may be left: then it asks again later.</summary>
    ~CpuBuffer()
    {
        if (spanned.IsAllocated && spanned.Target is not null)
        {
            if (!Environment.HasShutdownStarted)
            {
                GC.ReRegisterForFinalize(this);
            }

            return;
        }

        ReturnLines(isDropped: true);
    }

    /// <summary>
    /// The most bytes that buffers may hold at once, those kept for reuse included. The default leaves a fifth of the memory that
    /// the process may use to the rest of it.
    /// </summary>
    public static long Budget
    {
        get => MemoryBudget.Limit;
        set => MemoryBudget.Limit = value;
    }

    /// <summary>Bytes that live buffers hold now, those kept for reuse not included.</summary>
    public static long BytesInUse => MemoryBudget.InUse;

    /// <summary>Bytes of disposed buffers kept for reuse.</summary>
    public static long BytesPooled => BufferPool.Bytes;

    /// <summary>The most that <see cref="BytesInUse"/> has been since <see cref="ResetPeak"/> or the start of the process.</summary>
    public static long PeakBytesInUse => MemoryBudget.Peak;

    /// <summary>Address of the first byte, fixed until <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed.</exception>
    public nint Address
    {
        get
        {
            ThrowIfDisposed();
            return address;
        }
    }

    /// <summary>How many bytes may be used.</summary>
    public long ByteLength { get; }

    /// <summary>Whether <see cref="Dispose"/> has been called.</summary>
    public bool IsDisposed => Volatile.Read(ref isDisposed) != 0;

    /// <summary>Whether the memory belongs to somebody else.</summary>
    public bool IsForeign => lines is null && !IsDisposed;

    /// <summary>A buffer of <paramref name="byteLength"/> bytes, whose contents are whatever was there.</summary>
    /// <exception cref="InsufficientMemoryException">
    /// The <see cref="Budget"/> or the machine's memory is exhausted, even after the pool was emptied and the dropped buffers collected.
    /// </exception>
    public static CpuBuffer Allocate(long byteLength)
    {
        if (byteLength < 0)
        {
            Throw.NegativeByteLength(byteLength);
        }

        var lineCount = BufferPool.LinesFor(byteLength);
        var lines = BufferPool.Rent(lineCount);
        if (lines is null && Reclamation.IsDue(byteLength) && Reclamation.Run())
        {
            lines = BufferPool.Rent(lineCount);
        }

        Reclamation.Count(byteLength);
        return new CpuBuffer(lines ?? MemoryBudget.Allocate(lineCount), byteLength);
    }

    /// <summary>Memory that somebody else owns, of any alignment.</summary>
    /// <param name="address">Its first byte.</param>
    /// <param name="byteLength">How many bytes may be used.</param>
    /// <param name="release">
    /// Called once by <see cref="Dispose"/>, and by nothing else: spans over foreign memory do not keep it alive, so it must not be
    /// freed because a buffer was merely dropped.
    /// </param>
    public static CpuBuffer Wrap(nint address, long byteLength, Action? release = null)
    {
        if (byteLength < 0)
        {
            Throw.NegativeByteLength(byteLength);
        }

        if (address == 0 && byteLength > 0)
        {
            Throw.NullAddress(byteLength);
        }

        return new CpuBuffer(address, byteLength, release);
    }

    /// <summary>Sets <see cref="PeakBytesInUse"/> back to what is in use now.</summary>
    public static void ResetPeak() => MemoryBudget.ResetPeak();

    /// <summary>Lets go of everything kept for reuse.</summary>
    public static void TrimPool() => BufferPool.Clear();

    /// <summary>The first <paramref name="elements"/> elements, or all that fit. Over the engine's own memory it keeps it alive.</summary>
    /// <exception cref="OverflowException">There are more than a span can hold.</exception>
    public Span<T> AsSpan<T>(long elements = -1)
        where T : unmanaged
    {
        ThrowIfDisposed();
        var available = ByteLength / sizeof(T);
        elements = elements < 0 ? available : elements;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elements, available);
        if (elements > int.MaxValue)
        {
            Throw.SpanTooLong(elements, typeof(T).Name);
        }

        if (lines is not { } array)
        {
            return new Span<T>((void*)address, (int)elements);
        }

        MarkSpanned(array);
        ref var start = ref Unsafe.As<CacheLine, byte>(ref MemoryMarshal.GetArrayDataReference(array));
        ref var aligned = ref Unsafe.AddByteOffset(ref start, address - (nint)Unsafe.AsPointer(ref start));
        return MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref aligned), (int)elements);
    }

    /// <summary>Returns the memory to the pool, or to its owner. Spans over it must not be used any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0)
        {
            return;
        }

        GC.SuppressFinalize(this);
        ReturnLines(isDropped: false);
        release?.Invoke();
    }

    internal static long BytesOf(CacheLine[] lines) => (long)lines.Length * Alignment;

    private static nint AlignedAddress(CacheLine[] lines)
    {
        var first = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(lines));
        return (first + Alignment - 1) & -Alignment;
    }

    private void MarkSpanned(CacheLine[] array)
    {
        if (spanned.IsAllocated)
        {
            return;
        }

        lock (this)
        {
            if (!spanned.IsAllocated)
            {
                spanned = GCHandle.Alloc(array, GCHandleType.Weak);
            }
        }
    }

    private void ReturnLines(bool isDropped)
    {
        Volatile.Write(ref isDisposed, 1);
        address = 0;
        if (Interlocked.Exchange(ref lines, null) is not { } array)
        {
            return;
        }

        if (spanned.IsAllocated)
        {
            spanned.Free();
        }

        MemoryBudget.Return(BytesOf(array));
        BufferPool.Return(array);
        if (isDropped)
        {
            Reclamation.Found(BytesOf(array));
        }
    }

    private void ThrowIfDisposed()
    {
        if (IsDisposed)
        {
            Throw.BufferDisposed(ByteLength);
        }
    }
}
