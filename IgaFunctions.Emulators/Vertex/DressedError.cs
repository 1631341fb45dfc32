using System.Text;
using Iga.Emulators.Faults;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary>Errors in other dresses than <see cref="VertexErrors"/>' usual one, and refusals of a prompt in Google's wordings.</summary>
internal static class DressedError
{
    private const string Json = "application/json; charset=UTF-8";
    private const string HalfACharacter = "HALF-A-CHARACTER";

    /// <summary>Markup, a character that turns the order of others, what looks like a key, and a name of a host: all made up.</summary>
    private const string HostileText = "<b>Ask\u202E &lt;us&gt;</b> with key=AIzaNotAKeyOfAnybody at db-1.internal:5432";

    /// <summary>What each wording of a refusal says.</summary>
    private static readonly Dictionary<string, string> Wordings = new()
    {
        ["not-submitted"] = "Image generation failed with the following error: The prompt couldn’t be submitted. It might violate our policies.",
        ["policies"] = "Your prompt may violate our policies. If you think this was an error, send feedback.",
        ["response-blocked"] = "The response is blocked, as it may contain unsafe content.",
        ["filtered-out"] = "All images were filtered out because they violated Vertex AI's usage guidelines.",
        ["safety-threshold"] = "Your current safety filter threshold prohibited one or more of the generated images.",
        ["error-code"] = "Image editing failed with the following error: The image was rejected. Error Code: 17301594",
        ["model-armor"] = "The request was blocked by Model Armor.",
        ["content-blocked"] = "Request contains an invalid argument.",
        ["unsafe-generation"] = "Request contains an invalid argument.",
    };

    public static DressedAnswer Of(Fault.ErrorAnswer fault)
    {
        var message = fault.Dress switch
        {
            "surrogate-text" => $"{fault.Message} {HalfACharacter}",
            "hostile-text" => HostileText,
            "throttled" => fault.Message ?? "Request is throttled.",
            "invalid-hostname" => fault.Message ?? "Invalid hostname.",
            _ => fault.Message,
        };
        var error = new ApiException(fault.Status, fault.Reason, message)
        {
            RetryAfter = fault.RetryAfter,
            ErrorInfo = fault.Dress == "capacity-exhausted" ? "MODEL_CAPACITY_EXHAUSTED" : null,
        };
        var plain = Encoding.UTF8.GetString(JsonAnswer.Build(json => VertexErrors.Write(json, error)).Span);
        var body = fault.Dress switch
        {
            "in-200-text-code" => plain.Replace($"\"code\": {fault.Status}", $"\"code\": \"{fault.Status}\"", StringComparison.Ordinal),
            "in-200-status-only" => plain.Replace($"\"code\": {fault.Status},", "", StringComparison.Ordinal),
            "in-200-array" or "array" => $"[{plain}\n]\n",
            "in-200-chunk" => $$$"""[{"candidates":[{"content":{"role":"model","parts":[{"text":"Here"}]}}]},{{{plain}}}]""",
            "html" => $"<html><head><title>{fault.Status}</title></head><body><h1>{fault.Status}</h1><hr>proxy</body></html>",
            "empty" => "",
            "surrogate-text" => plain.Replace(HalfACharacter, @"\ud83d", StringComparison.Ordinal),
            _ => plain,
        };
        var bytes = Encoding.UTF8.GetBytes(body);
        return new(fault.Dress == "gzip" ? DressedAnswer.Gzip(bytes) : bytes, fault.Dress == "html" ? "text/html" : Json, fault.Dress == "gzip");
    }

    public static DressedAnswer Of(Fault.Refusal fault)
    {
        var reason = fault.Wording switch
        {
            "content-blocked" => "CONTENT_BLOCKED",
            "unsafe-generation" => "PUBLIC_ERROR_UNSAFE_GENERATION",
            _ => null,
        };
        var error = new ApiException(400, "INVALID_ARGUMENT", Wordings[fault.Wording]) { ErrorInfo = reason };
        return new(JsonAnswer.Build(json => VertexErrors.Write(json, error)).ToArray(), Json, IsGzip: false);
    }
}
