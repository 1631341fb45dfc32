using System.Reflection;
using System.Text.Json;

namespace Iga.Tests.AzureHost;

/// <summary>A function as one line of text, whoever tells it: the app's attributes, or a file that the build made of them.</summary>
internal static class FunctionLine
{
    /// <summary>Every function of the app, from its attributes.</summary>
    public static IEnumerable<string> OfTheApp() =>
        from type in typeof(IgaServices).Assembly.GetTypes()
        from method in type.GetMethods(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        orderby function.Name
        select Line(
            function.Name, $"{type.FullName}.{method.Name}", method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes(), Binding));

    /// <summary>A function of a list that the build made.</summary>
    public static string Of(string name, string entryPoint, IEnumerable<JsonElement> bindings) =>
        Line(name, entryPoint, bindings.Select(Binding));

    private static string Line(string name, string entryPoint, IEnumerable<string?> bindings) =>
        $"{name} = {entryPoint}: {string.Join(", ", bindings.OfType<string>())}";

    private static string? Binding(ParameterInfo parameter, object attribute) => attribute switch
    {
        HttpTriggerAttribute http =>
            $"{parameter.Name} httpTrigger {http.AuthLevel} [{string.Join(' ', http.Methods ?? [])}] {http.Route}",
        TimerTriggerAttribute timer => $"{parameter.Name} timerTrigger {timer.Schedule}",
        ActivityTriggerAttribute => $"{parameter.Name} activityTrigger",
        OrchestrationTriggerAttribute => $"{parameter.Name} orchestrationTrigger",
        DurableClientAttribute => $"{parameter.Name} durableClient",
        _ => null,
    };

    private static string? Binding(JsonElement binding)
    {
        var type = Text(binding, "type");
        var described = $"{Text(binding, "name")} {type}";
        return type switch
        {
            "httpTrigger" => $"{described} {Text(binding, "authLevel")} [{Methods(binding)}] {Text(binding, "route")}",
            "timerTrigger" => $"{described} {Text(binding, "schedule")}",
            "http" => null, // What an HTTP function returns; every one has it.
            _ => described,
        };
    }

    private static string Methods(JsonElement binding) => binding.TryGetProperty("methods", out var methods)
        ? string.Join(' ', methods.EnumerateArray().Select(method => method.GetString()))
        : "";

    private static string? Text(JsonElement binding, string name) =>
        binding.TryGetProperty(name, out var value) ? value.GetString() : null;
}
