using TensorCell.Kernels;

namespace TensorCell.Tensors;

// Tensors whose memory is a file, which other processes have mapped too.
public sealed partial class Tensor
{
    /// <summary>
    /// A tensor whose memory is a file, row by row and without a header: what one process writes to it in place, every other one that has opened it
    /// reads at once, without a copy. A file that is not there yet is made, of zeros. Python opens the same by
    /// <c>numpy.memmap(path, dtype, "r+", shape=…)</c>. On Linux a path below <c>/dev/shm</c> never touches a disk.
    /// </summary>
    /// <remarks>
    /// Write in place: <c>x[..] = y</c>, <see cref="CopyFrom"/>, <see cref="AsWritableSpan{TElement}"/>, <see cref="Assign"/>, a kernel; <c>x += y</c> makes
    /// another tensor. A pending tensor reads the elements as they are when it is computed. Nothing orders the writes of two processes: agree on whose
    /// turn it is, by a file, a pipe or an element of the tensor itself. The file must not become shorter while a process has it mapped: touching
    /// what is gone ends the process.
    /// The mapping ends with <see cref="Dispose"/>, or when neither the tensor nor a view of it is reachable; after a span over it was taken, with
    /// <see cref="Dispose"/> or the process.
    /// </remarks>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="shape">The shape, of at least one element.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <exception cref="ArgumentException">The shape has no elements.</exception>
    /// <exception cref="InvalidDataException">The file is there and has another length.</exception>
    public static Tensor Shared(string path, Shape shape, DType dtype = DType.Float32)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        long byteLength = shape.Count * dtype.Size;
        if (byteLength == 0)
        {
            Throw.Argument($"shared {path}: shape {shape} has no elements to share");
        }

        SharedFile.Ensure(path, byteLength, []);
        using FileMapping mapping = new(SharedFile.Open(path), isShared: true);
        FilePart part = new("shared", path);
        if (mapping.Length != byteLength)
        {
            part.Refuse($"the file has {mapping.Length} bytes, and {dtype.Name} of shape {shape} takes {byteLength}; give the shape and type it was made with, or delete it first");
        }

        return Wrap(mapping.MapElements(0, shape.Count, StoredElement.Of(dtype), part), shape, dtype);
    }

    /// <summary>
    /// Waits until what was written to a tensor that shares its memory with a file (<see cref="Shared"/>, <see cref="Npy.Share(string)"/>) is on the disk.
    /// Other processes see it without that.
    /// </summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="InvalidOperationException">The tensor does not share a file.</exception>
    public Tensor Flush()
    {
        if (Storage is MappedStorage { IsShared: true } shared)
        {
            shared.Flush();
        }
        else
        {
            Throw.Invalid("flush: the tensor's memory is no file that it shares; tensors of Tensor.Shared and Npy.Share have one");
        }

        return this;
    }
}
