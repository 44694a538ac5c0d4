using System.Reflection;
using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Tests.Grid;

namespace TensorCell.Kernels.Tests;

/// <summary>Gradients of functions with loops and branches, against finite differences.</summary>
public sealed class ForwardDerivativeTests
{
    private static readonly double[] weights = [0.5, -0.25, 0.125, 2];

    public static TheoryData<string> Functions =>
        [.. typeof(Samples).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly).Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Agree_with_finite_differences(string name)
    {
        var method = typeof(Samples).GetMethod(name)!;
        var function = method.CreateDelegate<Func<double, double, double>>();
        double[] x = [0.3, 0.7, 1.1, 1.9, 2.3];
        double[] y = [0.9, 0.2, 1.4, 0.6, 1.7];
        double[] gradient = [1, 2, -1, 0.5, 3];
        var program = KernelReader.ReadElementwise(method, null).ToProgram();
        for (var parameter = 0; parameter < 2; parameter++)
        {
            var derivative = GridOptimizer.Optimize(ForwardDerivative.Of(program, 2, parameter), contraction: false);
            var found = GridReference.Interpret(derivative, (1, 1, x.Length), x, y, gradient);
            for (var i = 0; i < x.Length; i++)
            {
                const double Step = 1e-6;
                var wanted = gradient[i] * (parameter == 0
                    ? function(x[i] + Step, y[i]) - function(x[i] - Step, y[i])
                    : function(x[i], y[i] + Step) - function(x[i], y[i] - Step)) / (2 * Step);
                Assert.True(Math.Abs(found[i].AsDouble - wanted) <= 1e-6 * Math.Max(1, Math.Abs(wanted)), $"{name} by {parameter} at ({x[i]}, {y[i]}): {found[i].AsDouble}, finite differences {wanted}\n{derivative}");
            }
        }
    }

    [Fact]
    public void A_kernel_that_stores_is_refused_by_name()
    {
        var data = new double[4];
        var program = KernelReader.ReadElementwise(((Func<double, double>)(x => data[0] = x)).Method, new object()).ToProgram();
        var error = Assert.Throws<NotSupportedException>(() => ForwardDerivative.Of(program, 1, 0));
        Assert.Contains("Gradient", error.Message, StringComparison.Ordinal);
    }

    private static class Samples
    {
        public static double NewtonRoot(double x, double y)
        {
            var root = y + 1;
            for (var i = 0; i < 30; i++)
            {
                var better = 0.5 * (root + (x / root));
                if (Math.Abs(better - root) < 1e-14)
                {
                    return better;
                }

                root = better;
            }

            return root;
        }

        public static double Powers(double x, double y)
        {
            var sum = 0.0;
            var power = 1.0;
            for (var i = 0; i < weights.Length; i++)
            {
                sum += weights[i] * power;
                power *= x * y;
            }

            return sum;
        }

        public static double Pieces(double x, double y)
        {
            if (x > 1)
            {
                var value = x;
                while (value > y)
                {
                    value = (value * 0.7) - 0.01;
                }

                return value * y;
            }

            return x < 0.5 ? Math.Sin(x * y) : Math.Exp(-x) + Math.Sqrt(y);
        }

        public static double Constant(double x, double y)
        {
            var count = 0;
            while (x < 10)
            {
                x += 1;
                count++;
            }

            return count;
        }

        public static double Pairs(double x, double y)
        {
            var (a, b) = (x, y);
            for (var i = 0; i < 5; i++)
            {
                (a, b) = (b + (0.1 * a * a), Math.Max(a, 0.2) * 0.5);
            }

            return a / b;
        }
    }
}
