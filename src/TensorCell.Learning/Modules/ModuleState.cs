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
    private readonly HashSet<string> names = [];
    private readonly HashSet<string> aliases = [];

    // By the other name of a module or collection, the first one.
    private readonly Dictionary<string, string> otherNames = [];
    private readonly Dictionary<object, string> firstNames = new(ReferenceEqualityComparer.Instance);

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
            if (source.TryGetValue(found.Name, out Tensor? given))
            {
                if (given.Shape != found.Tensor.Shape)
                {
                    problems.Add($"{found.Name} is {given.Shape}, needed is {found.Tensor.Shape}");
                }
            }
            else if (strict)
            {
                problems.Add($"{found.Name} {found.Tensor.Shape} is missing");
            }
        }

        if (strict)
        {
            problems.AddRange(source.Keys.Where(name => !name.StartsWith(Checkpoint.Prefix, StringComparison.Ordinal) && !IsKnown(name, 0))
                .Select(name => $"{name} is not known here"));
        }

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

    /// <summary>Whether a name leads to a tensor that was found, be it by other names of the modules on the way, as in a file of PyTorch's.</summary>
    /// <param name="name">The name.</param>
    /// <param name="start">Where to look on for the end of such another name; it grows with each, so cycles end.</param>
    private bool IsKnown(string name, int start)
    {
        if (names.Contains(name) || aliases.Contains(name))
        {
            return true;
        }

        for (int dot = start < name.Length ? name.IndexOf('.', start) : -1; dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (otherNames.TryGetValue(name[..dot], out string? first) && IsKnown(Join(first, name[(dot + 1)..]), first.Length + 1))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsNew(string name, object holder)
    {
        bool isNew = firstNames.TryAdd(holder, name);
        if (!isNew)
        {
            otherNames.TryAdd(name, firstNames[holder]);
        }

        return isNew;
    }

    private void Visit(string name, object? value, int depth)
    {
        switch (value)
        {
            case Tensor tensor:
                Add(name, tensor);
                break;
            case Module module when IsNew(name, module):
                modules.Add(new FoundModule(name, module, depth));
                foreach (ModuleMember member in ModuleMember.Of(module.GetType()))
                {
                    Visit(Join(name, member.Name), member.Field.GetValue(module), depth + 1);
                }

                break;
            case IDictionary dictionary when CanHoldAny(dictionary.Values) && IsNew(name, dictionary):
                foreach (DictionaryEntry entry in dictionary)
                {
                    Visit(Join(name, Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? ""), entry.Value, depth);
                }

                break;
            case ICollection list and not IDictionary when CanHoldAny(list) && IsNew(name, list):
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

        if (firstNames.TryAdd(tensor, name))
        {
            if (!names.Add(name))
            {
                Throw.Invalid($"state: two tensors are called {name}; give one of the members another name by [StateName(\"…\")]");
            }

            tensors.Add(new FoundTensor(name, tensor, isBuffer));
        }
        else
        {
            aliases.Add(name);
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
