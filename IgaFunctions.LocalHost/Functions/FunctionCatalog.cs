using System.Reflection;

namespace Iga.LocalHost.Functions;

/// <summary>All functions of the app, checked once at the start.</summary>
internal sealed class FunctionCatalog
{
    private readonly Dictionary<(FunctionTrigger, string), FunctionDescriptor> _byName;

    /// <exception cref="InvalidFunctionException">Two functions have one name, or one can't be called as declared.</exception>
    public FunctionCatalog(IEnumerable<Type> types)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        Dictionary<string, FunctionDescriptor> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (var method in types.SelectMany(t => t.GetMethods(All)).Where(m => m.IsDefined(typeof(FunctionAttribute))))
        {
            FunctionDescriptor function = new(method);
            if (!names.TryAdd(function.Name, function))
            {
                throw new InvalidFunctionException(method, $"its name is already that of {names[function.Name]}.");
            }
        }

        Functions = [.. names.Values];
        _byName = Functions.ToDictionary(f => (f.Trigger, f.Name.ToUpperInvariant()));
    }

    public IReadOnlyList<FunctionDescriptor> Functions { get; }

    public static FunctionCatalog Of(Assembly assembly) => new(assembly.GetTypes());

    public FunctionDescriptor? Find(FunctionTrigger trigger, string name) =>
        _byName.GetValueOrDefault((trigger, name.ToUpperInvariant()));

    public IEnumerable<FunctionDescriptor> StartedBy(FunctionTrigger trigger) => Functions.Where(f => f.Trigger == trigger);
}
