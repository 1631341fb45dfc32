using System.Reflection;
using Iga.LocalHost.Runtime;

namespace Iga.Tests.Architecture;

/// <summary>
/// The local runtime's types against the public signatures of the packages that the Azure Functions host uses, as
/// RuntimeSurface.txt has them: the functions compile against either only as long as the two agree.
/// </summary>
public sealed class RuntimeSurfaceTests
{
    private static readonly Type[] Types =
    [
        typeof(FunctionAttribute), typeof(HttpTriggerAttribute), typeof(AuthorizationLevel),
        typeof(OrchestrationTriggerAttribute), typeof(ActivityTriggerAttribute), typeof(DurableClientAttribute),
        typeof(TimerTriggerAttribute), typeof(TimerInfo), typeof(ScheduleStatus), typeof(TaskOrchestrationContext),
        typeof(TaskFailedException), typeof(DurableTaskClient), typeof(OrchestrationMetadata),
        typeof(OrchestrationRuntimeStatus), typeof(StartOrchestrationOptions), typeof(PurgeResult),
    ];

    [Fact]
    public void Every_member_that_functions_see_has_the_signature_of_the_real_package()
    {
        var real = File.ReadAllLines(Path.Combine(Sources.Root, "IgaFunctions.Tests", "Architecture", "RuntimeSurface.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .ToHashSet(StringComparer.Ordinal);

        var strangers = Types.SelectMany(Describe).Where(line => !real.Contains(line)).Order();
        Assert.Equal("", string.Join(Environment.NewLine, strangers));
    }

    private static IEnumerable<string> Describe(Type type)
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
