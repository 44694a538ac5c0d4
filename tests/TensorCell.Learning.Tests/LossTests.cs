using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Learning.Tests;

public sealed class LossTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(130, 17)]
    public void MeanSquaredErrorEqualsItsDefinition(int rows, int columns)
    {
        var random = Tensor.Random(seed: 5);
        var prediction = random.Normal([rows, columns]);
        var target = random.Normal([rows, columns]);
        var expected = prediction.ToArray<float>().Zip(target.ToArray<float>(), (p, t) => Math.Pow((double)p - t, 2)).Average();

        Assert.Equal(expected, Loss.MeanSquaredError(prediction, target).ToDouble(), 1e-5 * expected);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 4)]
    [InlineData(200, 31)]
    public void CrossEntropyEqualsItsDefinition(int rows, int classes)
    {
        var random = Tensor.Random(seed: 6);
        var logits = random.Normal([rows, classes], deviation: 4);
        var labels = random.Integers([rows], 0, classes);
        var scores = logits.ToArray2D<float>();
        var truth = labels.ToArray<long>();
        var expected = Enumerable.Range(0, rows).Average(row =>
            Math.Log(Enumerable.Range(0, classes).Sum(c => Math.Exp(scores[row, c]))) - scores[row, (int)truth[row]]);

        Assert.Equal(expected, Loss.CrossEntropy(logits, labels).ToDouble(), 1e-5 * (1 + expected));
    }

    [Fact]
    public void CrossEntropyOfALabelOutsideTheClassesIsInfinite() =>
        Assert.Equal(
            double.PositiveInfinity,
            Loss.CrossEntropy(Tensor.Zeros([2, 3]), Tensor.From([0L, 3L])).ToDouble());

    [Fact]
    public void MismatchesNameBothShapes()
    {
        Assert.Contains(
            "prediction [2] and target [3]",
            Assert.Throws<ArgumentException>(() => Loss.MeanSquaredError(Tensor.Zeros(2), Tensor.Zeros(3))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "labels are f32",
            Assert.Throws<ArgumentException>(() => Loss.CrossEntropy(Tensor.Zeros([2, 3]), Tensor.Zeros(2))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void MetricsCountWhatWasPredicted()
    {
        var logits = Tensor.From(new float[,] { { 2, 1, 0 }, { 0, 1, 2 }, { 0, 3, 1 }, { 5, 1, 1 } });
        var labels = Tensor.From([0L, 2L, 2L, 0L]);

        Assert.Equal(0.75, Metrics.Accuracy(logits, labels).ToDouble());
        Assert.Equal(
            new long[,] { { 2, 0, 0 }, { 0, 0, 0 }, { 0, 1, 1 } },
            Metrics.ConfusionMatrix(logits, labels).ToArray2D<long>());
        Assert.Throws<ArgumentException>(() => Metrics.ConfusionMatrix(logits, Tensor.From([0L, 2L, 3L, 0L])));
    }

    [Fact]
    public void AccuracyTakesLabelsOfEveryIntegerType() =>
        Assert.Equal(1, Metrics.Accuracy(Tensor.Eye(3), Tensor.Arange(3, DType.Int32)).ToDouble());
}
