using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Tests.Magics;

/// <summary>Methods of a cell are found without a compiler.</summary>
public sealed class DeclaredMethodTests
{
    [Theory]
    [InlineData("static float F(float x) => x;", "F")]
    [InlineData("float F(float x)\n{\n return G(x); }\nint H() { }", "F,H")]
    [InlineData("[Kernel] static void K(int i) { }", "K!")]
    [InlineData("[Kernel(GroupX = 64)]\nvoid K(Group g, View<float> x)\n{ for (;;) { } }", "K!")]
    [InlineData("static (float, int) Pair(float[] x, (int, int) y) { return new(1, 2); }", "Pair")]
    [InlineData("T Max<T>(T a, T b) where T : INumber<T> => a > b ? a : b;", "Max")]
    [InlineData("var x = F(1); G(x); return H(2);\nif (x > 1) { K(3); }\nforeach (var y in z) { }", "")]
    [InlineData("// static int A(int x) { }\n/* int B() => 1; */ var s = \"int C() { }\";\nint D() => 1;", "D")]
    [InlineData("var s = \"\"\"\"\nint A() { } \"\"\" }\n\"\"\"\";\nint B() => 1;", "B")]
    [InlineData("var s = $\"{F(\"}\")} int A() {{ }}\";\nint B() => 1;", "B")]
    [InlineData("var c = '\"'; var d = @\"\\\"; int B() => 1; var e = \"int C() { }\";", "B")]
    [InlineData("struct S { public int M() => 1; }\nint N(S s) => s.M();", "N")]
    [InlineData("float F(V v) => v.X;\nrecord struct V(float X) { public float Square => X * X; }\nrecord R<T>(T X) { }\nclass C(int x) { }\nreadonly struct P<T> (T x) { }", "F")]
    [InlineData("(float x) => x + 1", "")]
    [InlineData("new Foo(1) { X = 2 }", "")]
    [InlineData("x => F(x) switch { 1 => 2 }", "")]
    public void Are_those_that_are_declared_outside_of_types(string code, string wanted) =>
        Assert.Equal(wanted, string.Join(",", DeclaredMethod.In(code).Select(method => method.Name + (method.IsKernel ? "!" : ""))));
}
