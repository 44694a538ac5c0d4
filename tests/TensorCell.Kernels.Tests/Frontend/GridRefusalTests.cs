using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using TensorCell.Kernels.Frontend;

namespace TensorCell.Kernels.Tests.Frontend;

/// <summary>Everything that a kernel over an index space cannot do is refused, with its name, its method and its line.</summary>
public sealed class GridRefusalTests
{
    private static readonly Func<float, float> twice = x => 2 * x;
    private static readonly IComparer<float> comparer = Comparer<float>.Default;
    private static readonly List<float> list = [1, 2];
    private static float total;

    public static TheoryData<string, string> Refused => new()
    {
        { nameof(Samples.Allocation), "an allocation (new Object)" },
        { nameof(Samples.MadeArray), "an allocation" },
        { nameof(Samples.MadeMatrix), "an allocation" },
        { nameof(Samples.CollectionExpression), "Unsafe.As" },
        { nameof(Samples.StackAllocation), "an allocation (stackalloc)" },
        { nameof(Samples.Text), "a string" },
        { nameof(Samples.InterpolatedText), "DefaultInterpolatedStringHandler" },
        { nameof(Samples.Boxing), "a cast to or from an object" },
        { nameof(Samples.TypeTest), "a cast to or from an object" },
        { nameof(Samples.Null), "null" },
        { nameof(Samples.DelegateCall), "a call of a delegate" },
        { nameof(Samples.MadeDelegate), "an allocation" },
        { nameof(Samples.FunctionPointer), "function pointer" },
        { nameof(Samples.VirtualCall), "a virtual call of Object.GetHashCode" },
        { nameof(Samples.InterfaceCall), "a virtual call of IComparer`1.Compare" },
        { nameof(Samples.Throw), "a throw" },
        { nameof(Samples.ThrowExpression), "a throw" },
        { nameof(Samples.Try), "a try" },
        { nameof(Samples.Finally), "a try" },
        { nameof(Samples.Using), "a try" },
        { nameof(Samples.Lock), "a try" },
        { nameof(Samples.Enumeration), "a try" },
        { nameof(Samples.CheckedArithmetic), "checked arithmetic" },
        { nameof(Samples.CheckedConversion), "checked arithmetic" },
        { nameof(Samples.Pointer), "pointer" },
        { nameof(Samples.Fixed), "fixed" },
        { nameof(Samples.Recursion), "recursion" },
        { nameof(Samples.MutualRecursion), "recursion" },
        { nameof(Samples.StaticStore), "a store to the static field 'total'" },
        { nameof(Samples.StaticReference), "'total'" },
        { nameof(Samples.Irreducible), "a goto into the midst of a loop" },
        { nameof(Samples.Endless), "a loop that never ends" },
        { nameof(Samples.EndlessByGoto), "a loop that never ends" },
        { nameof(Samples.Decimal), "Decimal" },
        { nameof(Samples.WideInteger), "BigInteger" },
        { nameof(Samples.Async), "an async method" },
        { nameof(Samples.ReferenceInStructure), "a string" },
        { nameof(Samples.Dynamic), "" },
        { nameof(Samples.UnknownCall), "Console.WriteLine" },
        { nameof(Samples.Clock), "Environment.get_TickCount" },
        { nameof(Samples.RandomNumbers), "Random" },
        { nameof(Samples.ListElement), "List" },
        { nameof(Samples.ViewOfChoice), "a choice between two objects" },
        { nameof(Samples.ViewInLoop), "holds another view" },
        { nameof(Samples.ViewSometimesInLoop), "holds another view" },
        { nameof(Samples.ViewStructureInLoop), "holds another view" },
        { nameof(Samples.ReferenceInLoop), "holds another view" },
        { nameof(Samples.UnsafeReference), "Unsafe.Add" },
        { nameof(Samples.SpanOfArray), "Span" },
        { nameof(Samples.InterlockedLocal), "Interlocked.Add of a variable" },
        { nameof(Samples.SmallAtomic), "atomics work on" },
        { nameof(Samples.UnknownDimension), "GetLength of 'x'" },
        { nameof(Samples.ArrayMember), "Array.Clone" },
        { nameof(Samples.NativeCall), "GC.CollectionCount" },
        { nameof(Samples.Generic), "typeof" },
        { nameof(Samples.ExpressionTree), "" },
        { nameof(Samples.RoundAway), "Math.Round" },
        { nameof(Samples.DivergentBarrier), "a barrier that not all items of the group come to" },
        { nameof(Samples.DivergentBarrierInLoop), "a barrier that not all items of the group come to" },
    };

    public static TheoryData<string, string> RefusedParameters => new()
    {
        { nameof(Parameters.NoIndex), "it takes no index" },
        { nameof(Parameters.RealIndex), "its first parameter 'i' is a Single" },
        { nameof(Parameters.DecimalElements), "parameter 'x' holds Decimal" },
        { nameof(Parameters.TextElements), "parameter 'x' holds String" },
        { nameof(Parameters.WideElements), "parameter 'x' holds Int128" },
        { nameof(Parameters.FiveDimensions), "parameter 'x' is a Single[,,,,]" },
        { nameof(Parameters.Jagged), "parameter 'x' holds Single[]" },
        { nameof(Parameters.Collection), "parameter 'x' is a List`1" },
        { nameof(Parameters.OneDecimal), "parameter 'a' is a Decimal" },
        { nameof(Parameters.Reference), "parameter 'a' is a Single&" },
        { nameof(Parameters.Address), "parameter 'a' is a Single*" },
        { nameof(Parameters.ReturnsText), "it returns System.String" },
        { nameof(Parameters.Iterator), "it returns" },
        { nameof(Parameters.Task), "it returns" },
        { nameof(Parameters.TooLargeAGroup), "a group has 1 to 1024" },
        { nameof(Parameters.UnknownShared), "shared memory whose length is not a positive constant" },
        { nameof(Parameters.SharedText), "shared memory of" },
        { nameof(Parameters.OpenGeneric), "type parameters" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Kernels_hold_no(string name, string construct)
    {
        var refused = Refuse(typeof(Samples).GetMethod(name, BindingFlags.Static | BindingFlags.Public)!);
        Assert.Contains(construct, refused.Construct);
        Assert.Contains($"line {refused.Line}", refused.Message);
        var line = File.ReadAllLines(ThisFile())[refused.Line - 1];
        Assert.True(line.Contains("// refused", StringComparison.Ordinal), $"line {refused.Line}: {line.Trim()} ({refused.Message})");
    }

    [Theory]
    [MemberData(nameof(RefusedParameters))]
    public void Kernels_take_and_return_no(string name, string construct)
    {
        var method = typeof(Parameters).GetMethod(name, BindingFlags.Static | BindingFlags.Public)!;
        var refused = Refuse(method);
        Assert.Contains(construct, refused.Construct);
        Assert.Contains(name, refused.Message);
    }

    [Fact]
    public void Stores_to_captured_variables()
    {
        var sum = 0f;
        var refused = Assert.Throws<KernelRefusedException>(() => GridKernel.Compile((int i, float[] x) => sum += x[i]));
        Assert.Contains("a store to the captured variable 'sum'", refused.Message);
        Assert.Contains(nameof(Stores_to_captured_variables), refused.Message);
        Assert.Equal(0f, sum);
    }

    [Fact]
    public void Stores_to_properties_of_captured_objects()
    {
        var box = new StrongBox<float>();
        var refused = Assert.Throws<KernelRefusedException>(() => GridKernel.Compile((int i, float[] x) => box.Value = x[i]));
        Assert.Contains("a store to the captured variable 'Value'", refused.Message);
    }

    [Fact]
    public void Compiled_expression_trees()
    {
        Expression<Action<int, float[]>> expression = (i, x) => Math.Abs(x[i]);
        var refused = Assert.Throws<KernelRefusedException>(() => GridKernel.Compile(expression.Compile()));
        Assert.Contains("compiled expression tree", refused.Message);
    }

    [Fact]
    public void Calls_of_the_library_without_the_calls_behind_them()
    {
        var refused = Assert.Throws<KernelRefusedException>(() => GridKernel.Compile((int i, int[] x) => x[i] = char.IsDigit((char)x[i]) ? 1 : 0));
        Assert.StartsWith("a call of Char.IsDigit, which kernels cannot compute (", refused.Construct);
        Assert.Equal(1, refused.Construct.Split("which kernels cannot compute").Length - 1);
        Assert.EndsWith(")", refused.Construct);
    }

    [Fact]
    public void Shared_memory_beyond_what_a_group_has()
    {
        var refused = Assert.Throws<KernelRefusedException>(() => GridKernel.Compile(Samples.Greedy));
        Assert.Contains("shared memory of 100000000 elements; a group shares at most 1048576", refused.Message);
    }

    [Fact]
    public void Methods_without_a_body()
    {
        var refused = Assert.Throws<KernelRefusedException>(() => GridKernel.Compile(typeof(IDisposable).GetMethod("Dispose")!));
        Assert.Contains("Dispose", refused.Message);
    }

    private static KernelRefusedException Refuse(MethodInfo method) => Assert.Throws<KernelRefusedException>(() => GridKernel.Compile(method));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private struct Named
    {
        public string Name;

        public float Value;
    }

    private static class Samples
    {
        [Kernel(GroupX = 32)]
        public static void DivergentBarrier(Group g, float[] x)
        {
            var tile = g.Shared<float>(32);
            tile[g.Local.X] = x[g.Global.X];
            if (g.Local.X > 3)
            {
                g.Barrier(); // refused
            }

            x[g.Global.X] = tile[31 - g.Local.X];
        }

        [Kernel(GroupX = 32)]
        public static void DivergentBarrierInLoop(Group g, float[] x)
        {
            for (var k = 0; k < g.Local.X; k++)
            {
                g.Barrier(); // refused
            }

            x[g.Global.X] = 1;
        }

        public static void Allocation(int i, float[] x) => x[i] = new object().GetHashCode(); // refused

        public static void MadeArray(int i, float[] x)
        {
            var made = new float[4]; // refused
            x[i] = made[i & 3];
        }

        public static void MadeMatrix(int i, float[] x)
        {
            var made = new float[4, 4]; // refused
            x[i] = made[i & 3, 0];
        }

        public static void CollectionExpression(int i, float[] x)
        {
            ReadOnlySpan<float> made = [1, 2, 3, x[0]]; // refused
            x[i] = made[i & 3]; // refused
        }

        public static unsafe void StackAllocation(int i, float[] x)
        {
            var made = stackalloc float[4]; // refused
            x[i] = made[i & 3];
        }

        public static void Text(int i, float[] x) => x[i] = "text".Length; // refused

        public static void InterpolatedText(int i, float[] x) => x[i] = $"{i} text".Length; // refused

        public static void Boxing(int i, float[] x)
        {
            object boxed = x[i]; // refused
            x[i] = boxed.GetHashCode();
        }

        public static void TypeTest(int i, float[] x) => x[i] = (object)x is double[]? 1 : 2; // refused

        public static void Null(int i, float[] x)
        {
            float[]? other = null; // refused
            if (i == 3)
            {
                other = x;
            }

            x[i] = other!.Length;
        }

        public static void DelegateCall(int i, float[] x) => x[i] = twice(x[i]); // refused

        public static void MadeDelegate(int i, float[] x)
        {
            Func<float, float> f = y => y + i; // refused
            x[i] = f(1);
        }

        public static unsafe void FunctionPointer(int i, float[] x)
        {
            delegate*<float, float> f = &Helper; // refused
            x[i] = f(1);
        }

        public static void VirtualCall(int i, float[] x) => x[i] = twice.GetHashCode(); // refused

        public static void InterfaceCall(int i, float[] x) => x[i] = comparer.Compare(x[i], 1); // refused

        public static void Throw(int i, float[] x)
        {
            if (x[i] < 0)
            {
                throw new ArgumentException("x"); // refused
            }
        }

        public static void ThrowExpression(int i, float[] x) => x[i] = x[i] > 0 ? 1 : throw new ArgumentException("x"); // refused

        public static void Try(int i, float[] x)
        {
            try
            {
                x[i] = 1; // refused
            }
            catch (IndexOutOfRangeException)
            {
            }
        }

        public static void Finally(int i, float[] x)
        {
            try
            {
                x[i] = 1; // refused
            }
            finally
            {
                x[0] = 2;
            }
        }

        public static void Using(int i, float[] x)
        {
            using var stream = new MemoryStream(); // refused
            x[i] = 1; // refused
        }

        public static void Lock(int i, float[] x)
        {
            lock (list) // refused
            {
                x[i] = 1; // refused
            }
        }

        public static void Enumeration(int i, float[] x)
        {
            foreach (var value in list) // refused
            {
                x[i] += value; // refused
            }
        }

        public static void CheckedArithmetic(int i, float[] x) => x[i] = checked(i * i); // refused

        public static void CheckedConversion(int i, float[] x) => x[i] = checked((byte)x[i]); // refused

        public static unsafe void Pointer(int i, float[] x)
        {
            var value = x[i];
            var p = &value; // refused
            x[i] = p[i]; // refused
        }

        public static unsafe void Fixed(int i, float[] x)
        {
            fixed (float* p = x) // refused
            {
                x[i] = p[i]; // refused
            }
        }

        public static void Recursion(int i, float[] x) => x[i] = Factorial(i);

        public static void MutualRecursion(int i, float[] x) => x[i] = Even(i);

        public static void StaticStore(int i, float[] x) => total = x[i]; // refused

        public static void StaticReference(int i, float[] x) => Add(ref total, x[i]); // refused

        public static void Irreducible(int i, float[] x)
        {
            var k = 0;
            if (x[i] > 0)
            {
                goto middle;
            }

        top:
            x[i] += 1; // refused
        middle:
            x[i] *= 2;
            if (k++ < i) // refused
            {
                goto top; // refused
            }
        }

        public static void Endless(int i, float[] x)
        {
            while (true)
            {
                x[i]++; // refused
            }
        }

        public static void EndlessByGoto(int i, float[] x)
        {
            var k = 0;
        again:
            k = k + i; // refused
            goto again; // refused
        }

        public static void Decimal(int i, float[] x) => x[i] = (float)((decimal)i * 2m); // refused

        public static void WideInteger(int i, float[] x) => x[i] = (float)((System.Numerics.BigInteger)i * 3); // refused

        [Kernel(GroupX = 4)]
        public static void Greedy(Group group, float[] x)
        {
            var shared = group.Shared<float>(100_000_000);
            shared[0] = 1;
            x[group.Global.X] = shared[0];
        }

        public static async void Async(int i, float[] x)
        {
            await Task.Yield(); // refused
            x[i] = 1;
        } // refused

        public static void ReferenceInStructure(int i, float[] x)
        {
            var named = new Named { Name = "a", Value = 2 }; // refused
            x[i] = named.Value + named.Name.Length;
        }

        public static void Dynamic(int i, float[] x)
        {
            dynamic value = x[i]; // refused
            x[i] = value + 1;
        }

        public static void UnknownCall(int i, float[] x) => Console.WriteLine(i); // refused

        public static void Clock(int i, float[] x) => x[i] = Environment.TickCount; // refused

        public static void RandomNumbers(int i, float[] x) => x[i] = Random.Shared.NextSingle(); // refused

        public static void ListElement(int i, float[] x) => x[i] = list[i & 1]; // refused

        public static void ViewOfChoice(int i, float[] x, float[] y) => x[i] = (i > 3 ? x : y)[i]; // refused

        public static void ViewInLoop(int i, float[] x, float[] y)
        {
            var (from, to) = (x, y);
            for (var k = 0; k < 3; k++)
            {
                to[i] = from[i] + 1; // refused
                (from, to) = (to, from);
            }
        }

        public static void ViewSometimesInLoop(int i, float[] x, float[] y)
        {
            var (from, sum) = (x, 0f);
            for (var k = 0; k < 3; k++)
            {
                sum += from[i]; // refused
                if (k == i)
                {
                    from = y;
                }
            }

            x[i] = sum;
        }

        public static void ViewStructureInLoop(int i, View<float> x, View<float> y)
        {
            var from = x;
            for (var k = 0; k < 3; k++)
            {
                y[i] += from[i]; // refused
                from = y;
            }
        }

        public static void ReferenceInLoop(int i, float[] x)
        {
            ref var element = ref x[i];
            for (var k = 0; k < 3; k++)
            {
                element += 1; // refused
                element = ref x[i + k];
            }
        }

        public static void UnsafeReference(int i, float[] x) => Unsafe.Add(ref x[0], i) = 1; // refused

        public static void SpanOfArray(int i, float[] x) => x[i] = x.AsSpan(1, 2)[0]; // refused

        public static void InterlockedLocal(int i, float[] x)
        {
            var sum = 0;
            Interlocked.Add(ref sum, i); // refused
            x[i] = sum;
        }

        public static void SmallAtomic(int i, short[] x) => Atomic.Exchange(ref x[i], (short)1); // refused

        public static void UnknownDimension(int i, float[,] x) => x[i, 0] = x.GetLength(i); // refused

        public static void ArrayMember(int i, float[] x) => x[i] = ((float[])x.Clone())[0]; // refused

        public static void NativeCall(int i, float[] x) => x[i] = GC.CollectionCount(0); // refused

        public static void Generic(int i, float[] x) => x[i] = typeof(float) == list.GetType() ? 1 : 2; // refused

        public static void ExpressionTree(int i, float[] x)
        {
            Expression<Func<float, float>> tree = y => y + 1; // refused
            x[i] = tree.Parameters.Count;
        }

        public static void RoundAway(int i, float[] x) => x[i] = (float)Math.Round(x[i], 2, MidpointRounding.AwayFromZero); // refused

        private static float Helper(float x) => x;

        private static void Add(ref float sum, float value) => sum += value;

        private static int Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1); // refused

        private static int Even(int n) => n == 0 ? 1 : Odd(n - 1); // refused

        private static int Odd(int n) => n == 0 ? 0 : Even(n - 1); // refused
    }

    private static class Parameters
    {
        public static void NoIndex()
        {
        }

        public static void RealIndex(float i, float[] x) => x[0] = i;

        public static void DecimalElements(int i, decimal[] x) => x[i] = 1;

        public static void TextElements(int i, View<int> y, string[] x) => y[i] = x[i].Length;

        public static void WideElements(int i, Int128[] x) => x[i] = 1;

        public static void FiveDimensions(int i, float[,,,,] x) => x[i, 0, 0, 0, 0] = 1;

        public static void Jagged(int i, float[][] x) => x[i][0] = 1;

        public static void Collection(int i, List<float> x) => x[i] = 1;

        public static void OneDecimal(int i, float[] x, decimal a) => x[i] = (float)a;

        public static void Reference(int i, float[] x, ref float a) => a = x[i];

        public static unsafe void Address(int i, float[] x, float* a) => x[i] = *a;

        public static string ReturnsText(int i) => "";

        public static IEnumerable<float> Iterator(int i)
        {
            yield return i;
        }

        public static async Task Task(int i) => await System.Threading.Tasks.Task.Yield();

        [Kernel(GroupX = 64, GroupY = 32)]
        public static void TooLargeAGroup(Group g, float[] x) => x[g.Global.X] = 1;

        [Kernel(GroupX = 32)]
        public static void UnknownShared(Group g, float[] x, int n)
        {
            var tile = g.Shared<float>(n);
            x[g.Global.X] = tile[0];
        }

        [Kernel(GroupX = 32)]
        public static void SharedText(Group g, float[] x)
        {
            var tile = g.Shared<Guid>(4);
            x[g.Global.X] = tile.Length;
        }

        public static void OpenGeneric<T>(int i, T[] x)
            where T : unmanaged => x[i] = default;
    }
}
