using System.Globalization;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary>The parameters in a request's address: those that every call of Google's takes, and those of the call.</summary>
internal static class QueryParameters
{
    /// <summary>Of every call. None of these changes what the answer says.</summary>
    private static readonly string[] OfEveryCall =
        ["key", "access_token", "oauth_token", "quotaUser", "prettyPrint", "$prettyPrint", "uploadType", "upload_protocol", "$.xgafv"];

    /// <summary>Of every call, too, but these would change the answer.</summary>
    private static readonly string[] NotEmulated = ["fields", "$fields", "callback", "$callback"];

    /// <param name="known">Those of the call, in camelCase.</param>
    /// <exception cref="ApiException">400 for an unknown one, 501 for one that is not emulated.</exception>
    public static void Check(HttpRequest request, bool streams, params string[] known)
    {
        foreach (var (name, value) in request.Query)
        {
            if (NotEmulated.Contains(name))
            {
                throw VertexErrors.NotEmulated(name);
            }

            if (name is "alt" or "$alt")
            {
                CheckForm(name, value.ToString(), streams);
            }
            else if (!OfEveryCall.Contains(name) && !known.Contains(name))
            {
                throw ApiException.Of([new("",
                    $"Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' could not be found in request message.")]);
            }
        }
    }

    /// <returns>Whether the answer is to come as server-sent events.</returns>
    public static bool WantsEvents(HttpRequest request) => request.Query["alt"] == "sse" || request.Query["$alt"] == "sse";

    /// <param name="protoName">As errors have it.</param>
    /// <exception cref="ApiException">400 for what is no number.</exception>
    public static int? Number(HttpRequest request, string name, string protoName) => request.Query[name].ToString() switch
    {
        "" => null,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw ApiException.Of([new(protoName, $"Invalid value at '{protoName}' (TYPE_INT32), \"{text}\"")]),
    };

    // Google's client for Node adds to json how it would have enums; it reads both forms.
    private static void CheckForm(string name, string form, bool streams)
    {
        if (form != "json" && !form.StartsWith("json;", StringComparison.Ordinal) && !(form == "sse" && streams))
        {
            throw VertexErrors.NotEmulated($"{name}={form}");
        }
    }
}
