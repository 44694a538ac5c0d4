using System.Reflection;
using System.Reflection.Emit;
using TensorCell.Kernels;
using TensorCell.Kernels.Frontend;

namespace TensorCell.Tensors.Tests;

/// <summary>Every operation of tensors gives what NumPy, or where that has none PyTorch, gives for the same elements; and none is left out.</summary>
public sealed class NumPyCatalogueTests
{
    private const string Names = "def widen(r):\n    if isinstance(r, (tuple, list)): return [widen(one) for one in r]\n    r = r.numpy() if hasattr(r, 'numpy') else np.asarray(r)\n"
        + "    return r.astype('i4') if r.dtype == 'i2' else r.view('i8') if r.dtype.name == 'uint64' else r\n";

    private const string TorchNames = Names + "t = lambda r: torch.from_numpy(np.ascontiguousarray(r))\nF = torch.nn.functional\n";

    // With the reason why NumPy has nothing to say.
    private static readonly Dictionary<string, string> exceptions = new()
    {
        ["From ToArray ToArray2D ToArray3D ToArray4D Scalar Item ToDouble AsSpan AsWritableSpan AsMemory AsWritableMemory AsEnumerable AsTensorSpan AsWritableTensorSpan GetEnumerator op_Implicit op_Explicit ToString"] =
            "conversions from and to C#, tested in InteroperationTests, ReadingTests and PrintingTests",
        ["Realize RealizeAll Dispose Scope Device get_Device Shared Flush"] = "where and when elements are computed",
        ["NoGrad Record GradientsOf Backward Detach WithGradient get_RequiresGrad set_RequiresGrad get_Grad set_Grad get_Derivation"] = "gradients, compared with differences in GradientTests",
        ["Random"] = "its numbers are its own, tested in RandomTests and RandomDistributionTests",
        ["get_Shape get_Rank get_Count get_Strides get_DType get_ByteSize get_IsPending get_IsContiguous get_IsView get_Version"] = "what a tensor says of itself",
    };

    public static TheoryData<DType> Types => [DType.Bool, DType.UInt8, DType.Int8, DType.Int32, DType.Int64, DType.Float16, DType.Float32, DType.Float64];

    [Theory]
    [MemberData(nameof(Types))]
    public void OperationsAreNumPys(DType type)
    {
        NumPy.Require();
        Compare(type, isTorch: false);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void OperationsThatNumPyHasNotArePyTorchs(DType type)
    {
        NumPy.RequireTorch();
        Compare(type, isTorch: true);
    }

    [Fact]
    public void NoOperationIsLeftOut()
    {
        HashSet<string> excepted = [.. exceptions.Keys.SelectMany(names => names.Split(' '))];
        Delegate[] functions =
        [
            .. NumPyCatalogue.All.Select(entry => entry.Function), .. NumPyFunctions.OfOne.Select(entry => entry.Function),
            .. NumPyFunctions.OfTwo.Select(entry => entry.Function), .. NumPyFunctions.Reductions.Select(entry => entry.Function),
        ];
        HashSet<int> compared = [.. functions.SelectMany(function => Called(function.Method)).Select(method => method.MetadataToken)];
        string[] missing =
        [
            .. typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(method => !excepted.Contains(method.Name) && !compared.Contains(method.MetadataToken) && method.GetParameters().All(parameter => parameter.Name != "device"))
                .Select(method => $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"))})").Order(),
        ];
        Assert.True(missing.Length == 0, $"neither compared with NumPy in NumPyCatalogue nor excepted with a reason:\n{string.Join('\n', missing)}");
    }

    private static void Compare(DType type, bool isTorch)
    {
        NumPyInputs inputs = new(type, 70 + (int)type);
        (NumPyCatalogue.For Types, string Code, Func<NumPyInputs, Tensor[]> Function)[] entries =
            [.. NumPyCatalogue.All.Where(entry => IsTorch(entry.Code) == isTorch && IsFor(entry.Types, type))];
        NumPyAnswer[] answers = NumPy.Evaluate(entries.Select(entry => Case(entry.Code, inputs, isTorch)));
        List<string> failures = [];
        foreach (((_, string code, Func<NumPyInputs, Tensor[]> function), NumPyAnswer answer) in entries.Zip(answers))
        {
            if (Failure(inputs, function, answer) is { } failure)
            {
                failures.Add($"{code}: {failure}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {entries.Length} differ for {type.Name}:\n{string.Join('\n', failures)}");
    }

    private static NumPyCase Case(string code, NumPyInputs inputs, bool isTorch)
    {
        string[] lines = code.Split('\n');
        return NumPyCase.Of($"{(isTorch ? TorchNames : Names)}{string.Concat(lines[..^1].Select(line => line + "\n"))}widen({lines[^1]})", inputs.Named(code));
    }

    private static string? Failure(NumPyInputs inputs, Func<NumPyInputs, Tensor[]> function, NumPyAnswer answer)
    {
        try
        {
            Tensor[] results = function(inputs);
            results = Array.ConvertAll(results, result => result.Realize());
            if (answer.Error is not null)
            {
                return $"refused by NumPy only: {answer.Error}";
            }

            if (answer.Arrays.Length != results.Length)
            {
                return $"{answer.Arrays.Length} arrays of NumPy's, {results.Length} of ours";
            }

            for (int index = 0; index < results.Length; index++)
            {
                DType theirs = answer.Arrays[index].DType;
                DType ours = results[index].DType;

                // Documented at Promotion: real functions of integers are f64, u8 with i8 is i32.
                if (ours != theirs && !(theirs.IsFloatingPoint && ours == DType.Float64 && !inputs.Type.IsFloatingPoint))
                {
                    return $"result {index} is {ours.Name}, NumPy's {theirs.Name}";
                }

                double tolerance = !theirs.IsFloatingPoint ? 0 : theirs == DType.Float16 ? 8e-3 : theirs == DType.Float32 || inputs.Type == DType.Float32 ? 2e-5 : 1e-11;
                answer.Arrays[index].AssertEqual(results[index].To(theirs), tolerance, $"result {index}");
            }

            return null;
        }
        catch (Exception error)
        {
            return answer.Error is not null && error is ArgumentException ? null : error.Message.Split('\n')[0];
        }
    }

    private static bool IsTorch(string code) => code.Contains("t(") && (code.Contains("torch") || code.Contains("F.") || code.Contains("t(a)."));

    private static bool IsFor(NumPyCatalogue.For types, DType type) => types switch
    {
        NumPyCatalogue.For.Every => true,
        NumPyCatalogue.For.Numbers => type != DType.Bool,
        NumPyCatalogue.For.Real => type.IsFloatingPoint,
        NumPyCatalogue.For.Wide => type is DType.Float32 or DType.Float64,
        _ => type != DType.Bool && !type.IsFloatingPoint,
    };

    /// <summary>The methods of tensors that a method calls, in lambdas and methods of these tests too.</summary>
    private static IEnumerable<MethodInfo> Called(MethodInfo method)
    {
        if (method.DeclaringType == typeof(Tensor))
        {
            return [method];
        }

        if (method.DeclaringType?.FullName?.StartsWith(typeof(NumPyCatalogue).Namespace + ".NumPy", StringComparison.Ordinal) != true || method.IsGenericMethod || method.GetMethodBody()?.GetILAsByteArray() is not { } il)
        {
            return [];
        }

        Type[]? typeArguments = method.DeclaringType.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        return IlReader.Read(il)
            .Where(instruction => instruction.Code == OpCodes.Call || instruction.Code == OpCodes.Callvirt || instruction.Code == OpCodes.Ldftn)
            .Select(instruction => method.Module.ResolveMethod((int)instruction.Operand, typeArguments, null) as MethodInfo)
            .OfType<MethodInfo>()
            .SelectMany(Called);
    }
}
