using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

[Collection(nameof(EngineSettings))]
public sealed class IndexOrderTests
{
    [Fact]
    public void RepeatedIndicesAreWrittenInTheirOrderByAnyNumberOfThreads()
    {
        Tensor indices = Tensor.Random(5).Integers(50_000, 0, 1000).Realize();
        Tensor numbers = Tensor.Random(6).Uniform(50_000).Realize();
        Tensor rows = Tensor.Random(7).Uniform((50_000, 5)).Realize();
        int threads = Workers.ThreadCount;
        try
        {
            (float[], float[], float[])[] results = [.. new[] { 1, 2, 3, 8 }.Select(count =>
            {
                Workers.ThreadCount = count;
                Tensor last = Tensor.Zeros(1000).Clone();
                last[indices] = numbers;
                Tensor sums = Tensor.Zeros(1000).Clone();
                sums.AddAt(numbers, indices);
                return (last.ToArray<float>(), sums.ToArray<float>(), Tensor.Zeros((1000, 5)).IndexAdd(0, indices, rows).ToArray<float>());
            })];
            Assert.All(results, result => Assert.Equal(results[0].Item1, result.Item1));
            Assert.All(results, result => Assert.Equal(results[0].Item2, result.Item2));
            Assert.All(results, result => Assert.Equal(results[0].Item3, result.Item3));
            float[] expected = new float[1000];
            foreach ((long index, float number) in indices.ToArray<long>().Zip(numbers.ToArray<float>()))
            {
                expected[index] = number;
            }

            Assert.Equal(expected, results[0].Item1);
        }
        finally
        {
            Workers.ThreadCount = threads;
        }
    }
}
