using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>
/// The elements of a tensor at one time: stored, or pending with the operation that will compute them. It never changes once
/// computed; an in-place write gives the tensor another value, so what is pending still reads the elements it was made of.
/// </summary>
internal sealed class Value
{
    private readonly int cost;
    private volatile Storage? storage;
    private Operation? operation;
    private int readers;
    private int passedReaders;
    private bool isPassed;
    private int claimant;

    /// <summary>A stored value.</summary>
    public Value(Layout layout, DType dtype, Storage storage)
    {
        Layout = layout;
        DType = dtype;
        this.storage = storage;
        storage.IsHeld = true;
        Device = storage.Device;
    }

    /// <summary>A pending value.</summary>
    public Value(Layout layout, DType dtype, Operation operation, int cost)
    {
        Layout = layout;
        DType = dtype;
        this.cost = cost;
        this.operation = operation;
        Device = DeviceOf(operation);
        foreach (ref readonly Operand input in operation.Inputs.AsSpan())
        {
            Interlocked.Increment(ref input.Value.readers);
        }

        if (operation.Inputs.Length > 0)
        {
            TensorScope.Current?.Add(this);
        }
    }

    /// <summary>The row-major layout of the whole value.</summary>
    public Layout Layout { get; }

    /// <summary>The type of its elements.</summary>
    public DType DType { get; }

    /// <summary>Where its elements are, or will be; null if they follow from constants alone, which go with any device.</summary>
    public Device? Device { get; }

    /// <summary>About how many vector instructions the longest path of pending elementwise operations below it takes; none once it is stored.</summary>
    public int Cost => IsPending ? cost : 0;

    /// <summary>The run in which a kernel last computed it without storing it; 0 for none.</summary>
    public long DemandedBy { get; set; }

    /// <summary>The operation, while pending. Read it before <see cref="Storage"/>: one of the two is always there.</summary>
    public Operation? Operation => Volatile.Read(ref operation);

    /// <summary>The elements, once stored.</summary>
    public Storage? Storage => storage;

    /// <summary>The stored value in whose memory its elements are to be stored, if nothing else still reads what is there; see <see cref="InPlace"/>.</summary>
    public Value? Place { get; set; }

    /// <summary>The tensor that took over the storage of this value when another one that still shows it was assigned to it; null if none did.</summary>
    public Tensor? Owner { get; set; }

    /// <summary>Whether a gradient will read it, by when computing it anew would cost more than having stored it.</summary>
    public bool IsKept { get; set; }

    /// <summary>How many operands of pending operations refer to it.</summary>
    public int Readers => Volatile.Read(ref readers);

    /// <summary>
    /// How many of them would read it only if someone asked for a matrix product that was computed on the way to something else: an assignment does not
    /// wait for them.
    /// </summary>
    public int PassedReaders => Volatile.Read(ref passedReaders);

    /// <summary>Whether its elements are not there yet.</summary>
    public bool IsPending => storage is null;

    /// <summary>Whether a pending operation may still read it.</summary>
    public bool HasReaders => Readers > 0;

    /// <summary>A value whose elements were given up.</summary>
    public static Value Disposed(Layout layout, DType dtype) => new(layout, dtype, Storage.Nothing);

    /// <summary>Tells what it reads that it was computed on the way to something else and will hardly be asked for again.</summary>
    public void Pass()
    {
        if (Operation is { } known && !isPassed)
        {
            isPassed = true;
            foreach (ref readonly Operand input in known.Inputs.AsSpan())
            {
                Interlocked.Increment(ref input.Value.passedReaders);
            }
        }
    }

    /// <summary>Gives up computing it, so that it reads nothing any more. What is stored stays.</summary>
    public void Abandon()
    {
        if (IsPending)
        {
            Store(Storage.Nothing);
        }
    }

    /// <summary>
    /// Lets one thread compute it, so that others that want it wait for that one. What a thread needs for something else it may compute meanwhile, all the same.
    /// </summary>
    /// <returns>Whether it is this thread; then <see cref="Release"/> follows.</returns>
    public bool TryClaim() => Interlocked.CompareExchange(ref claimant, 1, 0) == 0;

    /// <summary>Ends a claim.</summary>
    public void Release() => Volatile.Write(ref claimant, 0);

    /// <summary>Waits until it is computed, or whoever computed it has failed.</summary>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    public void Await() => StorageAccess.WaitWhile(() =>
    {
        Interruption.Check();
        return Volatile.Read(ref claimant) != 0;
    });

    /// <summary>Takes the computed elements and lets go of the operation. When two threads computed it, the first one's stay.</summary>
    public void Store(Storage computed)
    {
        computed.IsHeld = true;
        if (Interlocked.CompareExchange(ref storage, computed, null) is { } earlier)
        {
            if (!ReferenceEquals(earlier, computed))
            {
                computed.Dispose();
            }

            return;
        }

        if (Interlocked.Exchange(ref operation, null) is { } done)
        {
            foreach (ref readonly Operand input in done.Inputs.AsSpan())
            {
                Interlocked.Decrement(ref input.Value.readers);
                if (isPassed)
                {
                    Interlocked.Decrement(ref input.Value.passedReaders);
                }
            }
        }
    }

    /// <summary>Moves the readers to a copy of the elements, or to <see cref="Storage.Nothing"/>, because the storage is overwritten.</summary>
    public void Replace(Storage copy)
    {
        copy.IsHeld = true;
        storage = copy;
    }

    /// <summary>The device that operands are on; null if they go with any.</summary>
    /// <param name="operation">What reads them, for the error.</param>
    /// <param name="operands">The operands.</param>
    /// <exception cref="ArgumentException">They are on several.</exception>
    public static Device? DeviceOf(string operation, ReadOnlySpan<Operand> operands)
    {
        Device? device = null;
        foreach (ref readonly Operand operand in operands)
        {
            if (operand.Value.Device is { } own && !ReferenceEquals(own, device ??= own))
            {
                Throw.Argument($"{operation}: its tensors are on {device.Name} and {own.Name}; move them to one device, as with .To(\"{device.Name}\")");
            }
        }

        return device;
    }

    private static Device? DeviceOf(Operation operation)
    {
        Device? device = operation.Inputs.Length == 0 && operation is not ConstantOperation ? Device.Cpu : DeviceOf(operation.Name, operation.Inputs);
        if (device is not (null or CpuDevice) && !operation.RunsOnDevices)
        {
            Throw.NotSupported($"{operation.Name}: runs on the CPU, and its tensor is on {device!.Name}; move it to the CPU first with .To(\"cpu\")");
        }

        return operation.ResultDevice ?? device;
    }
}
