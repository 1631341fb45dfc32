using System.Reflection;

namespace Iga.Tests.Architecture;

/// <summary>Public signatures as lines of text, in the form of RuntimeSurface.txt.</summary>
internal static class Signatures
{
    /// <summary>The types that functions see: the local runtime's or the packages', whichever the project has.</summary>
    public static readonly Type[] Types =
    [
        typeof(FunctionAttribute), typeof(HttpTriggerAttribute), typeof(AuthorizationLevel),
        typeof(OrchestrationTriggerAttribute), typeof(ActivityTriggerAttribute), typeof(DurableClientAttribute),
        typeof(TimerTriggerAttribute), typeof(TimerInfo), typeof(ScheduleStatus), typeof(TaskOrchestrationContext),
        typeof(TaskFailedException), typeof(DurableTaskClient), typeof(OrchestrationMetadata),
        typeof(OrchestrationRuntimeStatus), typeof(StartOrchestrationOptions), typeof(PurgeResult),
    ];

    /// <returns>The lines of RuntimeSurface.txt.</returns>
    public static HashSet<string> Recorded(string root) =>
        File.ReadAllLines(Path.Combine(root, "IgaFunctions.Tests", "Architecture", "RuntimeSurface.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .ToHashSet(StringComparer.Ordinal);

    /// <returns>Every public member that a type declares itself.</returns>
    public static IEnumerable<string> Of(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{type.Name}.{name} = {Convert.ToInt32(Enum.Parse(type, name), null)}");
        }

        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var isRecord = type.GetMethod("<Clone>$") is not null;
        return type.GetMethods(Own)
            .Where(method => !method.IsSpecialName && !(isRecord && IsGenerated(method)))
            .Select(method => $"{type.Name}: {Name(method.ReturnType)} {method.Name}{Generic(method)}({Parameters(method)})")
            .Concat(type.GetProperties(Own)
                .Where(property => property.Name != "EqualityContract")
                .Select(property => $"{type.Name}: {Name(property.PropertyType)} {property.Name}"))
            .Concat(type.GetConstructors()
                .Where(constructor => !type.IsAbstract && constructor.GetParameters() is not [{ Name: "original" }])
                .Select(constructor => $"{type.Name}: new({Parameters(constructor)})"));
    }

    private static bool IsGenerated(MethodInfo method) =>
        method.Name is "ToString" or "Equals" or "GetHashCode" or "Deconstruct" or "<Clone>$";

    private static string Generic(MethodInfo method) => method.IsGenericMethod
        ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
        : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
        + $"{Name(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue?.ToString()?.ToLowerInvariant() ?? "default"}" : "")));

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
