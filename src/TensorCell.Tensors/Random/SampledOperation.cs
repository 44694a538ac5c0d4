using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

/// <summary>Random elements that each take a counter and as many random numbers as it happens.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="seed">The key of the generator.</param>
/// <param name="firstBlock">The first counter.</param>
/// <param name="first">The first parameter: f64, contiguous, one for all elements or one for each.</param>
/// <param name="second">The second parameter, likewise.</param>
/// <typeparam name="TSampler">The distribution.</typeparam>
internal sealed class SampledOperation<TSampler>(string name, ulong seed, ulong firstBlock, Operand first, Operand second)
    : Operation(name, first, second)
    where TSampler : struct, ISampler
{
    /// <inheritdoc/>
    protected override unsafe Storage Run(Value target)
    {
        long count = target.Layout.Shape.Count;
        Storage firsts = Realizer.Realize(Inputs[0].Value);
        Storage seconds = Realizer.Realize(Inputs[1].Value);
        Storage result = Storage.Allocate(count * sizeof(double));
        double* one = (double*)firsts.Address + Inputs[0].Layout.Offset;
        double* other = (double*)seconds.Address + Inputs[1].Layout.Offset;
        double* elements = (double*)result.Address;
        long oneStep = Inputs[0].Layout.Shape.Count == 1 ? 0 : 1;
        long otherStep = Inputs[1].Layout.Shape.Count == 1 ? 0 : 1;
        Blocks.For(count, 16 * sizeof(double), (begin, end) =>
        {
            for (long index = begin; index < end; index++)
            {
                ElementStream stream = new(firstBlock + (ulong)index, seed);
                elements[index] = TSampler.Sample(ref stream, one[index * oneStep], other[index * otherStep]);
            }
        });
        GC.KeepAlive(firsts);
        GC.KeepAlive(seconds);
        GC.KeepAlive(result);
        return result;
    }
}
