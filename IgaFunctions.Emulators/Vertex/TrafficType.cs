using static Iga.Emulators.Vertex.RequestReader;

namespace Iga.Emulators.Vertex;

/// <summary>Under which terms a request is served: asked for by headers, told by <c>trafficType</c> in the answer.</summary>
internal static class TrafficType
{
    private const string Type = "X-Vertex-AI-LLM-Request-Type";
    private const string Shared = "X-Vertex-AI-LLM-Shared-Request-Type";

    /// <exception cref="Hosting.ApiException">400 that names the header.</exception>
    public static string Of(IHeaderDictionary headers)
    {
        var type = OneOf(Value(headers, Type, "shared"), Type, "shared", "dedicated");
        var shared = OneOf(Value(headers, Shared, "standard"), Shared, "standard", "priority", "flex");
        return (type, shared) switch
        {
            ("dedicated", _) => "PROVISIONED_THROUGHPUT",
            (_, "priority") => "ON_DEMAND_PRIORITY",
            (_, "flex") => "ON_DEMAND_FLEX",
            _ => "ON_DEMAND",
        };
    }

    private static string Value(IHeaderDictionary headers, string name, string usual) =>
        headers[name].ToString() is { Length: > 0 } value ? value.ToLowerInvariant() : usual;
}
