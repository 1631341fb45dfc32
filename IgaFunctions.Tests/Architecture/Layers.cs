namespace Iga.Tests.Architecture;

/// <summary>
/// The table of layers: a folder, and the folders that it may use. Every one may use itself. The local host's folders begin with
/// <c>LocalHost/</c>.
/// </summary>
internal static class Layers
{
    /// <summary>They compose the rest, so they may use everything, and nothing but each other may use them.</summary>
    public static readonly string[] CompositionRoots = ["", "LocalHost", "LocalHost/Host"];

    public static readonly Dictionary<string, string[]> Table = new()
    {
        ["Faults"] = [],
        ["Http"] = [],
        ["Images"] = [],
        ["Postgres"] = [],
        ["Tasks"] = [],
        ["Telemetry"] = ["Faults", "Tasks"],
        ["Staging"] = ["Images", "Postgres"],
        ["Bucket"] = ["Faults", "Images", "Tasks"],
        ["Keys"] = ["Images", "Postgres", "Tasks"],
        ["Models/Dialects"] = ["Images", "Tasks"],
        ["Models"] = ["Faults", "Images", "Models/Dialects", "Tasks"],
        ["Workflow/Activities"] = ["Bucket", "Faults", "Images", "Keys", "Models", "Staging", "Tasks", "Telemetry"],
        ["Workflow"] = ["Bucket", "Faults", "Http", "Images", "Keys", "Staging", "Tasks", "Telemetry", "Workflow/Activities"],
        ["Health"] = ["Http"],
        ["TaskStatus"] = ["Faults", "Http", "Keys", "Tasks", "Workflow"],
        ["GenerateImage"] = ["Bucket", "Http", "Keys", "Models", "Tasks", "Telemetry", "Workflow"],
        ["GoogleCloud"] = ["Bucket", "Faults", "Models"],
        ["GoogleCloud/AIPlatform"] = ["Models"],
        ["Configuration"] = ["Bucket", "GenerateImage", "Keys", "Models", "Postgres", "Staging", "Telemetry"],

        ["LocalHost/Durable/Engine"] = [],
        ["LocalHost/Durable/Store"] = ["LocalHost/Durable/Engine", "Postgres"],
        ["LocalHost/Durable/Worker"] = ["LocalHost/Durable/Store", "LocalHost/Durable/Engine"],
        ["LocalHost/Functions"] = [],
        ["LocalHost/Functions/Http"] = ["LocalHost/Functions", "Http"],
        ["LocalHost/Functions/Orchestrations"] = ["LocalHost/Functions", "LocalHost/Durable/Worker"],
        ["LocalHost/Functions/Timers"] = ["LocalHost/Functions", "LocalHost/Durable/Worker", "LocalHost/Durable/Store"],
        ["LocalHost/Migrations"] = [],
        ["LocalHost/CommandLine"] = ["Images"],
    };
}
