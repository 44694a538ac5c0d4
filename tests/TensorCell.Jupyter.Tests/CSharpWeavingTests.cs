using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TensorCell.Jupyter.CSharp;

namespace TensorCell.Jupyter.Tests;

/// <summary>Woven code does what the code as written does, on the same lines.</summary>
public sealed class CSharpWeavingTests
{
    private static readonly string[] usings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text", "System.Threading.Tasks"];

    public static TheoryData<string> Corpus => [
        "var s = 0; for (int i = 0; i < 10; i++) s += i; s",
        "var s = 0; for (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) if (j == 1) continue; else s += i * j; s",
        "var s = 0; var i = 0; while (i < 5) s += i++; s",
        "var s = 0; do s++; while (s < 5); s",
        "var s = 0; foreach (var x in new[] { 1, 2, 3 }) s += x; s",
        "var s = 0; foreach (var (a, b) in new[] { (1, 2), (3, 4) }) s += a * b; s",
        "var i = 0; again: i++; if (i < 5) goto again; i",
        "int k = 2; string t = \"\"; switch (k) { case 1: t += \"a\"; break; case 2: t += \"b\"; goto case 1; } t",
        "Enumerable.Range(0, 5).Select(x => x * x).Where(x => x > 2).Sum(x => x + 1)",
        "Func<int, Func<int, int>> add = x => y => x + y; add(1)(2)",
        "Func<Func<int>> nested = () => () => 5; nested()()",
        "Action a = () => Console.Write(\"\"); a(); 1",
        "Action<int> a = x => x.ToString(); a(1); 1",
        "Func<Task> f = async () => await Task.Yield(); await f(); 3",
        "Func<Task<int>> f = async () => await Task.FromResult(3); await f()",
        "Func<int> f = () => throw new InvalidOperationException(\"no\"); try { f(); } catch (InvalidOperationException e) { e.Message }",
        "Func<int> f = () => throw new InvalidOperationException(\"no\"); string m; try { f(); m = \"\"; } catch (InvalidOperationException e) { m = e.Message; } m",
        "System.Linq.Expressions.Expression<Func<int, int>> e = x => x + 1; e.ToString()",
        "System.Linq.Expressions.Expression<Func<int, Func<int, int>>> e = x => y => x + y; e.ToString()",
        "new[] { 1, 2, 3 }.AsQueryable().Where(x => x > 1).Select(x => x * 2).Sum()",
        "(from x in new[] { 1, 2, 3 }.AsQueryable() where new[] { 1, 2 }.Any(y => y == x) select x).Count()",
        "(from x in new[] { 1, 2, 3 } where new[] { 1, 2 }.Any(y => y == x) orderby -x select x * 2).First()",
        "(from x in new[] { 1, 2 } from y in new[] { 3, 4 } let z = x * y group z by z % 2 into g select g.Sum()).ToArray().Length",
        "int F(int n) => n < 2 ? n : F(n - 1) + F(n - 2); F(12)",
        "int F(int n) { return n < 2 ? n : F(n - 1) + F(n - 2); } F(12)",
        "void F(ref int x) => x++; int v = 1; F(ref v); v",
        "int[] data = { 1, 2 }; ref int First() => ref data[0]; First() = 9; data[0]",
        "static int Twice(int x) => x * 2; Twice(4)",
        "int Outer() { int Inner(int x) => x + 1; return Inner(1); } Outer()",
        "class P { int x; public int X { get => x; set => x = value * 2; } public int Y => x + 1; public int this[int i] => x + i; } var p = new P { X = 3 }; p.X + p.Y + p[1]",
        "class P { public int X { get; init; } = 3; public P() => X++; public P(int x) : this() { X += x; } } new P(2).X",
        "struct V { public double A; public V(double a) { A = a; } public static V operator +(V l, V r) => new(l.A + r.A); public static implicit operator double(V v) => v.A; } (double)(new V(1) + new V(2))",
        "record R(int A) { public int Twice() => A * 2; public override string ToString() => $\"R{A}\"; } new R(2).ToString() + new R(3).Twice()",
        "interface I { int F() => 4; } class C : I { } ((I)new C()).F()",
        "IEnumerable<int> G() { for (int i = 0; i < 3; i++) yield return i; yield break; } string.Join(\",\", G())",
        "async IAsyncEnumerable<int> G() { for (int i = 0; i < 3; i++) { await Task.Yield(); yield return i; } } var s = 0; await foreach (var x in G()) s += x; s",
        "async Task<int> F() { await Task.Delay(1); return 5; } await F()",
        "async ValueTask<int> F() => await new ValueTask<int>(5); await F() + (await F())",
        "async Task F() => await Task.Delay(1); await F(); 6",
        "await Task.WhenAll(Enumerable.Range(0, 3).Select(async i => { await Task.Yield(); return i; }))",
        "(await Task.FromResult(new[] { 1, 2 }))[1]",
        "delegate int D(int x); D d = delegate (int x) { return x + 1; }; d(1)",
        "Func<int, int> f = static x => x + 1; f(2)",
        "var f = (int x, int y = 3) => x + y; f(1)",
        "var f = (x: 1, g: (Func<int, int>)(z => z + 1)); f.g(f.x)",
        "Func<int, int> f = x => // a comment\n  x + 1 // another\n  ; f(1)",
        "int F() // comment\n  => 3; F()",
        "#region r\nint F() { return 1; }\n#endregion\nF()",
        "#if NEVER\nwhile (true) { }\n#else\nint q = 1;\n#endif\nq",
        "event Action E; int hits = 0; E += () => hits++; E(); hits",
        "class Q { event Action e; public event Action E { add { e += value; } remove => e -= value; } public void Go() => e?.Invoke(); } var n = 0; var q = new Q(); q.E += () => n++; q.Go(); n",
        "[System.Runtime.CompilerServices.SkipLocalsInit] int F() { Span<int> s = stackalloc int[4]; s[0] = 3; return s[0]; } F()",
        "unsafe int Sum(int[] a) { int s = 0; fixed (int* p = a) for (int i = 0; i < a.Length; i++) s += p[i]; return s; } Sum(new[] { 1, 2, 3 })",
        "Span<int> Make() => new int[] { 1, 2 }; Make().ToArray().Length",
        "int total = 0; void Local() { for (int i = 0; i < 3; i++) total += i; } Local(); total",
        "var list = new List<Func<int>>(); for (int i = 0; i < 3; i++) { int k = i; list.Add(() => k); } list.Sum(f => f())",
        "using (var w = new StringWriter()) { w.Write(1); } string t = \"ok\"; lock (t) foreach (var c in t) { } t",
        "try { checked { int x = int.MaxValue; for (int i = 0; i < 2; i++) x++; } } catch (OverflowException) { return \"overflow\"; }",
        "Lazy<int> lazy = new(() => 7); lazy.Value",
        "object o = 5; o switch { int i when new[] { 5 }.Any(x => x == i) => \"five\", _ => \"other\" }",
        "string.Create(3, 'x', (span, c) => span.Fill(c))",
        "T Id<T>(T x) => x; Id<Func<int>>(() => 3)()",
        "int x = 1; x = Enumerable.Range(0, 3).Aggregate(x, (a, b) => a + b); x",
        "dynamic d = 3; int R(dynamic v) => v + 1; R(d)",
        "int depth = 0; Action rec = null; rec = () => { if (++depth < 50) rec(); }; rec(); depth",
        "if (1 > 0) for (int i = 0; i < 2; i++) Console.Write(\"\"); else while (false) ; 1",
        "class Node<T> where T : IComparable<T> { public T Value; public Node<T> Next; public int Count => Next == null ? 1 : 1 + Next.Count; } new Node<int> { Next = new Node<int>() }.Count",
        "Environment.ProcessorCount > 0 && nameof(Environment.Exit) == \"Exit\"",
        "extension(int) ; 1",
    ];

    [Theory]
    [MemberData(nameof(Corpus))]
    public async Task Agrees_with_the_code_as_written(string code)
    {
        string plain = await Run(code, false);
        Assert.Equal(plain, await Run(code, true));
    }

    [Theory]
    [MemberData(nameof(Corpus))]
    public void Keeps_every_line(string code)
    {
        (SyntaxNode root, string woven, _) = Weave(code);
        Assert.Equal(code.Split('\n').Length, woven.Split('\n').Length);
        Assert.True(Weaver.Concerns(root) || woven == code);
    }

    [Fact]
    public void Leaves_no_loop_or_function_unchecked()
    {
        foreach (string code in Corpus.Select(row => row.Data).Where(code => !code.Contains("Expression<", StringComparison.Ordinal)))
        {
            (SyntaxNode root, string woven, _) = Weave(code);
            int loops = root.DescendantNodes().Count(node => node.IsKind(SyntaxKind.ForStatement)
                || node.IsKind(SyntaxKind.WhileStatement) || node.IsKind(SyntaxKind.DoStatement) || node.IsKind(SyntaxKind.ForEachStatement));
            Assert.True(woven.Split("Interruption.").Length - 1 >= loops, woven);
        }
    }

    private static (SyntaxNode Root, string Woven, bool Compiles) Weave(string code)
    {
        var compiler = new SubmissionCompiler(usings);
        SyntaxTree tree = SubmissionCompiler.Parse(code, "cell", default);
        CSharpCompilation compilation = compiler.Chain(tree, null);
        bool compiles = !compilation.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return (tree.GetRoot(), Weaver.Weave(compilation.GetSemanticModel(tree), default), compiles);
    }

    private static async Task<string> Run(string code, bool isWoven)
    {
        (SyntaxNode _, string woven, bool compiles) = Weave(code);
        var compiler = new SubmissionCompiler(usings);
        SyntaxTree tree = SubmissionCompiler.Parse(isWoven && compiles ? woven : code, "cell", default);
        CSharpCompilation compilation = compiler.Chain(tree, null);
        Diagnostic[] errors = [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
        if (errors.Length > 0)
        {
            return string.Join('\n', errors.Select(error => error.Id));
        }

        using var stream = new MemoryStream();
        Assert.True(compilation.Emit(stream).Success);
        stream.Position = 0;
        var loader = new System.Runtime.Loader.AssemblyLoadContext(null, isCollectible: true);
        IMethodSymbol entry = compilation.GetEntryPoint(default)!;
        var factory = loader.LoadFromStream(stream).GetType(entry.ContainingType.MetadataName)!
            .GetMethod(entry.MetadataName, (System.Reflection.BindingFlags)60)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
        return $"{await factory(new object?[2])}";
    }
}
