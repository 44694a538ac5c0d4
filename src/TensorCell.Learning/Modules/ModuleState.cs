using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using TensorCell.Tensors;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Learning;

/// <summary>The modules and tensors that a module consists of, found by walking through its members.</summary>
internal sealed class ModuleState
{
    private static readonly ConditionalWeakTable<Tensor, object> parameters = [];
    private static readonly ConditionalWeakTable<Tensor, object> buffers = [];

    private readonly List<FoundModule> modules = [];
    private readonly List<FoundTensor> tensors = [];
    private readonly Dictionary<string, Tensor> aliases = [];
    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);

    private ModuleState()
    {
    }

    /// <summary>The module and all it consists of, each once, before what it consists of.</summary>
    public IReadOnlyList<FoundModule> Modules => modules;

    /// <summary>Parameters and buffers, each once.</summary>
    public IReadOnlyList<FoundTensor> Tensors => tensors;

    /// <summary>Walks through a module.</summary>
    public static ModuleState Of(Module root)
    {
        ModuleState state = new();
        state.Visit("", root, 0);
        return state;
    }

    /// <summary>Remembers that a tensor is a parameter even while it is frozen.</summary>
    public static void MarkParameter(Tensor tensor) => parameters.AddOrUpdate(tensor, tensor.GetType());

    /// <summary>Remembers that a tensor is state that is not trained.</summary>
    public static void MarkBuffer(Tensor tensor) => buffers.AddOrUpdate(tensor, tensor.GetType());

    /// <summary>Copies elements into the tensors found.</summary>
    /// <param name="module">What they belong to, for the error.</param>
    /// <param name="source">Tensors by name.</param>
    /// <param name="strict">Whether each name must be there and be known.</param>
    public void Load(string module, IReadOnlyDictionary<string, Tensor> source, bool strict)
    {
        List<string> problems = [];
        foreach (FoundTensor found in tensors)
        {
            if (!source.TryGetValue(found.Name, out Tensor? given))
            {
                problems.Add(strict ? $"{found.Name} {found.Tensor.Shape} is missing" : "");
            }
            else if (given.Shape != found.Tensor.Shape)
            {
                problems.Add($"{found.Name} is {given.Shape}, needed is {found.Tensor.Shape}");
            }
        }

        HashSet<string> known = [.. tensors.Select(found => found.Name), .. aliases.Keys];
        problems.AddRange(source.Keys.Where(name => strict && !known.Contains(name) && !name.StartsWith(Checkpoint.Prefix, StringComparison.Ordinal))
            .Select(name => $"{name} is not known here"));
        problems.RemoveAll(problem => problem.Length == 0);
        if (problems.Count > 0)
        {
            const int most = 8;
            string more = problems.Count > most ? $"; and {problems.Count - most} more" : "";
            Throw.Argument(
                $"load: the state does not fit {module}: {string.Join("; ", problems.Take(most))}{more}. "
                + "StateDictionary() lists the names needed; [StateName] gives a member another one; strict: false takes what fits");
        }

        using TapeScope untracked = Tensor.NoGrad();
        foreach (FoundTensor found in tensors)
        {
            if (source.TryGetValue(found.Name, out Tensor? given) && !ReferenceEquals(given, found.Tensor))
            {
                found.Tensor.CopyFrom(given.Detach());
            }
        }
    }

    private static string Join(string prefix, string name) =>
        prefix.Length == 0 ? name : name.Length == 0 ? prefix : $"{prefix}.{name}";

    private void Visit(string name, object? value, int depth)
    {
        switch (value)
        {
            case Tensor tensor:
                Add(name, tensor);
                break;
            case Module module when seen.Add(module):
                modules.Add(new FoundModule(name, module, depth));
                foreach (ModuleMember member in ModuleMember.Of(module.GetType()))
                {
                    Visit(Join(name, member.Name), member.Field.GetValue(module), depth + 1);
                }

                break;
            case IDictionary dictionary when CanHoldAny(dictionary.Values) && seen.Add(dictionary):
                foreach (DictionaryEntry entry in dictionary)
                {
                    Visit(Join(name, Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? ""), entry.Value, depth);
                }

                break;
            case ICollection list and not IDictionary when CanHoldAny(list) && seen.Add(list):
                int index = 0;
                foreach (object? element in list)
                {
                    Visit(Join(name, index.ToString(CultureInfo.InvariantCulture)), element, depth);
                    index++;
                }

                break;
        }
    }

    /// <summary>Spares collections of plain data, which may be long, from being walked through.</summary>
    private static bool CanHoldAny(ICollection collection)
    {
        foreach (object? element in collection)
        {
            return element is null or Tensor or Module || (element is ICollection inner && (inner.Count == 0 || CanHoldAny(inner)));
        }

        return false;
    }

    private void Add(string name, Tensor tensor)
    {
        bool isBuffer = buffers.TryGetValue(tensor, out _);
        if (!isBuffer && !parameters.TryGetValue(tensor, out _) && !(tensor.RequiresGrad && tensor.Derivation is null))
        {
            return;
        }

        if (seen.Add(tensor))
        {
            if (tensors.Find(found => found.Name == name) is not null)
            {
                Throw.Invalid($"state: two tensors are called {name}; give one of the members another name by [StateName(\"…\")]");
            }

            tensors.Add(new FoundTensor(name, tensor, isBuffer));
        }
        else
        {
            aliases.TryAdd(name, tensor);
        }
    }

    /// <summary>A module at its place.</summary>
    /// <param name="Name">Where it was found; empty for the outermost.</param>
    /// <param name="Module">The module.</param>
    /// <param name="Depth">How many modules it is inside of.</param>
    public sealed record FoundModule(string Name, Module Module, int Depth);

    /// <summary>A tensor at its place.</summary>
    /// <param name="Name">Where it was found.</param>
    /// <param name="Tensor">The tensor.</param>
    /// <param name="IsBuffer">Whether it is not a parameter.</param>
    public sealed record FoundTensor(string Name, Tensor Tensor, bool IsBuffer);
}
