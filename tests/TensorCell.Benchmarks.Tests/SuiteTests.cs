using TensorCell.Benchmarks.Suites;

namespace TensorCell.Benchmarks.Tests;

public sealed class SuiteTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("benchmarks").FullName;

    public static TheoryData<ISuite, bool> Suites =>
        new(from suite in new ISuite[] { new ElementwiseSuite(), new ReductionsSuite(), new MatmulSuite(), new NeuralSuite(), new KernelsSuite(), new TrainingSuite() }
            from isQuick in new[] { false, true }
            select (suite, isQuick));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Suites))]
    public void Each_case_has_a_name_of_its_own_TensorCell_and_the_peers_of_its_targets(ISuite suite, bool isQuick)
    {
        var cases = suite.Cases(new SuiteOptions(isQuick, folder, folder)).ToArray();
        Assert.NotEmpty(cases);
        Assert.Equal(cases.Length, cases.Select(subject => subject.Name).Distinct().Count());
        Assert.All(cases, subject =>
        {
            var names = subject.Systems.Select(system => system.Name).ToArray();
            Assert.Equal(names.Length, names.Distinct().Count());
            Assert.Contains(SystemUnderTest.TensorCell, names);
            Assert.All(subject.Targets, target => Assert.True(target.Text[0] == '<' || names.Contains(target.Text.Split(' ')[^1]), target.Text));
        });
    }
}
