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
    public void TheGradientOfCrossEntropyIsSoftmaxMinusOne()
    {
        Tensor logits = Tensor.Random(1).Normal((6, 4), dtype: DType.Float64);
        Tensor labels = Tensor.From([0L, 3, 2, 1, 1, 0]);
        logits.RequiresGrad = true;
        Tensor loss = Loss.CrossEntropy(logits, labels) * 2;
        loss.Backward();
        Tensor expected = (logits.Detach().Softmax() - labels.Unsqueeze(1).EqualTo(Tensor.Arange(4, DType.Int64)).To(DType.Float64)) * (2.0 / 6);
        Assert.All(
            expected.ToArray<double>().Zip(logits.Grad!.ToArray<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        AssertDifferences(logits, given => Loss.CrossEntropy(given, labels) * 2, logits.Grad!);
    }

    [Fact]
    public void BinaryCrossEntropyEqualsItsDefinition()
    {
        Tensor logits = Tensor.Random(1).Normal((6, 4), deviation: 3, dtype: DType.Float64);
        Tensor targets = Tensor.Random(2).Uniform((6, 4), dtype: DType.Float64);
        double expected = logits.ToArray<double>().Zip(targets.ToArray<double>(), (x, t) =>
        {
            double p = 1 / (1 + Math.Exp(-x));
            return -(t * Math.Log(p)) - ((1 - t) * Math.Log(1 - p));
        }).Average();
        logits.RequiresGrad = true;
        Tensor loss = Loss.BinaryCrossEntropy(logits, targets);
        loss.Backward();
        Assert.Equal(expected, loss.ToDouble(), 1e-12);
        AssertDifferences(logits, given => Loss.BinaryCrossEntropy(given, targets), logits.Grad!);
        Assert.Equal(0, Loss.BinaryCrossEntropy(Tensor.From([1000f, -1000]), Tensor.From([true, false])).ToDouble());
    }

    [Fact]
    public void TheGradientOfMeanSquaredErrorIsItsDifferences()
    {
        Tensor prediction = Tensor.Random(1).Normal((3, 2), dtype: DType.Float64);
        Tensor target = Tensor.Random(2).Normal((3, 2), dtype: DType.Float64);
        prediction.RequiresGrad = true;
        Loss.MeanSquaredError(prediction, target).Backward();
        AssertDifferences(prediction, given => Loss.MeanSquaredError(given, target), prediction.Grad!);
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

    private static void AssertDifferences(Tensor at, Func<Tensor, Tensor> loss, Tensor gradient)
    {
        const double step = 1e-5;
        double[] numbers = at.Detach().ToArray<double>();
        double[] found = gradient.ToArray<double>();
        for (int index = 0; index < numbers.Length; index++)
        {
            double Moved(double by) => loss(Tensor.From(numbers.Select((number, i) => i == index ? number + by : number).ToArray(), at.Shape)).ToDouble();
            Assert.Equal((Moved(step) - Moved(-step)) / (2 * step), found[index], 1e-8);
        }
    }
}
