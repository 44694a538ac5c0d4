using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

/// <summary>
/// A dense array of numbers of one type, of any rank. Operations are lazy: they make pending tensors, and chains of elementwise
/// operations, broadcasts and reductions run as one kernel when a value is read or <see cref="Realize"/> is called. Shapes and
/// types are checked at once, in the line that asks. Views share storage with what they were made from.
/// </summary>
/// <remarks>
/// Element types follow NumPy's promotion rules; a number of C# takes the tensor's type (<c>f32 + 2.0</c> is f32). Tensors may be
/// computed and read from several threads at once: what several of them want is computed by one. A write in place waits until no other thread
/// computes or copies elements out, so that whoever reads sees the elements before it or after it; what is written through a span or by a kernel
/// that is launched by hand is for the writer to keep apart from readers.
/// </remarks>
public sealed partial class Tensor : IDisposable
{
    private readonly Tensor root;
    private Value value;
    private int version;

    /// <summary>A tensor of its own elements.</summary>
    internal Tensor(Value value)
    {
        root = this;
        this.value = value;
        Layout = value.Layout;
    }

    /// <summary>A view of another tensor's elements.</summary>
    private Tensor(Tensor viewed, Layout layout)
    {
        root = viewed.root;
        value = root.value;
        Layout = layout;
        Number = layout.Shape.Rank == 0 ? viewed.Number : null;
    }

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape => Layout.Shape;

    /// <summary>The number of axes.</summary>
    public int Rank => Layout.Shape.Rank;

    /// <summary>The number of elements.</summary>
    public long Count => Layout.Shape.Count;

    /// <summary>Elements from one to the next along each axis; 0 where a view repeats, negative where it runs backwards.</summary>
    public ReadOnlySpan<long> Strides => Layout.Strides;

    /// <summary>The type of the elements.</summary>
    public DType DType => root.value.DType;

    /// <summary>Bytes that the elements take: count times element size, whether or not they are stored yet.</summary>
    public long ByteSize => Count * DType.Size;

    /// <summary>Whether the elements have still to be computed.</summary>
    public bool IsPending => root.value.IsPending;

    /// <summary>Whether the elements lie without gaps in row-major order, so that a span can show them.</summary>
    public bool IsContiguous => Layout.IsContiguous;

    /// <summary>Whether this is a view of another tensor's storage.</summary>
    public bool IsView => !ReferenceEquals(root, this);

    /// <summary>How often the storage was written in place since it was made.</summary>
    public int Version => root.version;

    /// <summary>How the view reaches its elements.</summary>
    internal Layout Layout { get; }

    /// <summary>The bare number of C# that this is, which takes the type of the tensor it meets.</summary>
    internal Number? Number { get; private init; }

    /// <summary>The elements as they are now.</summary>
    internal Value Value => root.value;

    /// <summary>The stored elements; computes them if they are pending.</summary>
    internal Storage Storage => Realizer.Realize(root.value);

    /// <summary>Memory of tensors computed until the scope is disposed goes back to the pool then, unless kept.</summary>
    /// <param name="endsPending">
    /// Whether tensors made in it that are still pending at its end are given up, as in a step of training, where what is left of the graph
    /// would otherwise go on counting as a reader of the parameters.
    /// </param>
    /// <example><code>using var scope = Tensor.Scope(); … return scope.Keep(result);</code></example>
    public static TensorScope Scope(bool endsPending = false) => new(endsPending);

    /// <summary>Computes all of them; what several need is computed once, in shared kernels where shapes agree.</summary>
    public static void RealizeAll(params ReadOnlySpan<Tensor> tensors)
    {
        Value[] values = new Value[tensors.Length];
        for (int index = 0; index < values.Length; index++)
        {
            ArgumentNullException.ThrowIfNull(tensors[index], nameof(tensors));
            values[index] = tensors[index].Value;
        }

        Realizer.RealizeAll(values);
    }

    /// <summary>Computes the elements now, if they are pending.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="ObjectDisposedException">Something it is computed from was disposed.</exception>
    public Tensor Realize()
    {
        Realizer.Realize(root.value);
        return this;
    }

    /// <summary>
    /// Returns the storage to the pool, for this tensor and all its views; spans over it must not be used any more. A storage that pending
    /// tensors still read is left to the garbage collector.
    /// </summary>
    public void Dispose()
    {
        Value disposed = root.value;
        if (!disposed.IsPending && !disposed.HasReaders && (disposed.Owner is null || ReferenceEquals(disposed.Owner, root)))
        {
            disposed.Storage!.Dispose();
        }
        else
        {
            root.value = Value.Disposed(disposed.Layout, disposed.DType);
        }
    }

    /// <summary>What an operation reads of this tensor, broadcast to a shape.</summary>
    internal Operand As(Shape shape) => new(root.value, Layout.BroadcastTo(shape));
}
