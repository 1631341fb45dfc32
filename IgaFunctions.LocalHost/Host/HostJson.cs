using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.Configuration;
using Iga.LocalHost.Durable.Worker;

namespace Iga.LocalHost.Host;

/// <summary>What of host.json means something here. The rest is for Azure Functions.</summary>
/// <param name="RoutePrefix">What all routes begin with, without slashes at its ends; may be empty.</param>
internal sealed record HostJson(string RoutePrefix, DurableTaskOptions DurableTask)
{
    private const string Limits = "extensions.durableTask";

    private const int MostAtOnce = 1_000_000;

    /// <exception cref="FormatException">A value is wrong; the message lists every wrong field.</exception>
    public static HostJson Parse(string json)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(
                json, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"host.json is not JSON: {wrong.Message}", wrong);
        }

        List<string> errors = [];
        DurableTaskOptions defaults = new();
        HostJson parsed = new(
            Text("extensions.http.routePrefix", "api").Trim('/'),
            defaults with
            {
                MaxConcurrentActivityFunctions =
                    Count($"{Limits}.maxConcurrentActivityFunctions", defaults.MaxConcurrentActivityFunctions),
                MaxConcurrentOrchestratorFunctions =
                    Count($"{Limits}.maxConcurrentOrchestratorFunctions", defaults.MaxConcurrentOrchestratorFunctions),
            });
        return errors.Count == 0 ? parsed : throw new FormatException($"host.json: {string.Join("; ", errors)}");

        string Text(string path, string fallback)
        {
            var node = Find(path);
            if (node is null)
            {
                return fallback;
            }

            return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : Wrong(path, node, "a string", fallback);
        }

        int Count(string path, int fallback)
        {
            var node = Find(path);
            if (node is null)
            {
                return fallback;
            }

            return node is JsonValue value && value.TryGetValue<int>(out var count) && count > 0
                ? count : Wrong(path, node, "a whole number above 0", fallback);
        }

        JsonNode? Find(string path)
        {
            var node = root;
            var walked = "";
            foreach (var name in path.Split('.'))
            {
                if (node is not JsonObject here)
                {
                    if (node is not null)
                    {
                        Wrong(walked.Length == 0 ? "the document" : walked, node, "an object", 0);
                    }

                    return null;
                }

                node = here[name];
                walked = walked.Length == 0 ? name : $"{walked}.{name}";
            }

            return node;
        }

        T Wrong<T>(string path, JsonNode node, string expected, T fallback)
        {
            var error = $"{path} must be {expected}, but is {node.ToJsonString()}";
            if (!errors.Contains(error))
            {
                errors.Add(error);
            }

            return fallback;
        }
    }

    /// <summary>What the environment has in place of the file's, by the names that the Functions host reads.</summary>
    public HostJson OverriddenBy(Settings settings)
    {
        return this with
        {
            DurableTask = DurableTask with
            {
                MaxConcurrentActivityFunctions =
                    Count("maxConcurrentActivityFunctions") ?? DurableTask.MaxConcurrentActivityFunctions,
                MaxConcurrentOrchestratorFunctions =
                    Count("maxConcurrentOrchestratorFunctions") ?? DurableTask.MaxConcurrentOrchestratorFunctions,
            },
        };

        int? Count(string name) => settings.WholeNumber($"AzureFunctionsJobHost__extensions__durableTask__{name}", 1, MostAtOnce);
    }
}
