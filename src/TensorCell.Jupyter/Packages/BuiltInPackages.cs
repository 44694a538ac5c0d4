using System.Reflection;
using TensorCell.Interactive;

namespace TensorCell.Jupyter.Packages;

/// <summary>The packages that the host itself is made of: a cell that asks for one has it already.</summary>
internal static class BuiltInPackages
{
    /// <summary>The environment variable that, set to <c>all</c>, has the SDK restore these packages too, as it does any other.</summary>
    public const string Variable = "TENSORCELL_RESTORE";

    private static readonly string[] names =
    [
        "TensorCell.Kernels", "TensorCell.Tensors", "TensorCell.Data", "TensorCell.Learning", "TensorCell.Inference", "TensorCell.Interactive",
    ];

    /// <summary>The version of them all.</summary>
    public static string Version { get; } =
        typeof(MimeBundles).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Whether it is one of them.</summary>
    public static bool Has(string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request is answered by what is there.</summary>
    /// <exception cref="PackageException">It asks for one of them, in another version.</exception>
    public static bool Answer(PackageRequest request)
    {
        if (!Has(request.Name) || Environment.GetEnvironmentVariable(Variable) == "all")
        {
            return false;
        }

        if (!PackageVersion.Fits(Version, request.Version))
        {
            Throw.Package(
                $"#r \"nuget: {request.Name}, {request.Version}\": {request.Name} is built into this kernel, in version {Version}, which that does not allow; "
                + "leave the version out to use it, or install a tensorcell of that version: dotnet tool update tensorcell"
                + (request.IsPlain ? $" --version {request.Version}" : " --version VERSION"));
        }

        return true;
    }
}
