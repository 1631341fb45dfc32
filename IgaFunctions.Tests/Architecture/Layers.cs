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
        ["Callers"] = [],
        ["Faults"] = [],
        ["Http"] = [],
        ["Images"] = [],
        ["Postgres"] = [],
        ["Queues"] = [],
        ["Tasks"] = [],
        ["Telemetry"] = ["Faults", "Images", "Tasks"],
        ["Staging"] = ["Faults", "Images", "Postgres"],
        ["Bucket"] = ["Faults", "Images", "Tasks"],
        ["Keys"] = ["Images", "Postgres", "Tasks"],
        ["Limits"] = ["Http", "Keys", "Models/Catalog", "Tasks"],
        ["Models/Dialects"] = ["Images", "Tasks"],
        ["Models/Catalog"] = ["Models/Dialects", "Tasks"],
        ["Models"] = ["Faults", "Images", "Models/Catalog", "Models/Dialects", "Queues", "Tasks"],
        ["Workflow/Activities"] = ["Bucket", "Faults", "Http", "Images", "Keys", "Limits", "Models", "Staging", "Tasks", "Telemetry"],
        ["Workflow"] = ["Bucket", "Faults", "Http", "Images", "Keys", "Staging", "Tasks", "Telemetry", "Workflow/Activities"],
        ["Health"] = ["Faults", "Http", "Keys", "Postgres", "Staging"],
        ["TaskStatus"] = ["Callers", "Faults", "Http", "Images", "Keys", "Tasks", "Workflow"],
        ["ListModels"] = ["Http", "Models", "Models/Catalog"],
        ["Page"] = ["Http"],
        ["GenerateImage"] = ["Bucket", "Callers", "Http", "Images", "Keys", "Limits", "Models", "Models/Catalog", "Models/Dialects", "Queues", "Tasks", "Telemetry", "Workflow"],
        ["GoogleCloud"] = ["Bucket", "Faults", "Models", "Models/Catalog"],
        ["GoogleCloud/AIPlatform"] = ["Models"],
        ["Configuration"] = ["Bucket", "Callers", "GenerateImage", "Keys", "Limits", "Models", "Models/Catalog", "Postgres", "Staging", "Telemetry"],

        ["LocalHost/Durable/Engine"] = [],
        ["LocalHost/Durable/Store"] = ["LocalHost/Durable/Engine", "Postgres"],
        ["LocalHost/Durable/Worker"] = ["LocalHost/Durable/Store", "LocalHost/Durable/Engine", "Queues"],
        ["LocalHost/Functions"] = [],
        ["LocalHost/Functions/Http"] = ["LocalHost/Functions", "Callers", "Http", "Telemetry"],
        ["LocalHost/Functions/Orchestrations"] = ["LocalHost/Functions", "LocalHost/Durable/Worker"],
        ["LocalHost/Functions/Timers"] = ["LocalHost/Functions", "LocalHost/Durable/Worker", "LocalHost/Durable/Store"],
        ["LocalHost/Migrations"] = [],
        ["LocalHost/CommandLine"] = ["GenerateImage", "Http", "Images", "Models"],
    };
}
