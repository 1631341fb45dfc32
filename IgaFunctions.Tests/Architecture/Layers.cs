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
        ["Changes"] = [],
        ["Faults"] = ["Tracing"],
        ["Http"] = [],
        ["Images"] = [],
        ["Postgres"] = ["Tracing"],
        ["Queues"] = [],
        ["Tasks"] = [],
        ["Tracing"] = [],
        ["Telemetry"] = ["Faults", "Images", "Tasks", "Tracing"],
        ["Telemetry/Prometheus"] = ["Http"],
        ["Staging"] = ["Faults", "Images", "Postgres"],
        ["Bucket"] = ["Faults", "Images", "Queues", "Tasks"],
        ["Keys"] = ["Changes", "Faults", "Images", "Postgres", "Tasks"],
        ["Webhooks"] = ["Postgres"],
        ["Limits"] = ["Http", "Keys", "Models", "Models/Catalog", "Tasks"],
        ["Models/Dialects"] = ["Images", "Tasks"],
        ["Models/Catalog"] = ["Models/Dialects", "Tasks"],
        ["Models"] = ["Faults", "Images", "Models/Catalog", "Models/Dialects", "Queues", "Tasks"],
        ["Workflow/Activities"] = ["Bucket", "Faults", "Http", "Images", "Keys", "Limits", "Models", "Staging", "Tasks", "Telemetry", "Webhooks"],
        ["Workflow"] = ["Bucket", "Faults", "Http", "Images", "Keys", "Staging", "Tasks", "Telemetry", "Webhooks", "Workflow/Activities"],
        ["Health"] = ["Faults", "Http", "Keys", "Postgres", "Staging"],
        ["Waiting"] = ["Changes", "Http", "Keys", "Workflow"],
        ["TaskStatus"] = ["Callers", "Changes", "Faults", "Http", "Images", "Keys", "Tasks", "Waiting", "Webhooks", "Workflow"],
        ["Webhooks/Delivery"] = ["Http", "Keys", "Tasks", "TaskStatus", "Telemetry", "Webhooks", "Workflow"],
        ["TaskList"] = ["Callers", "Http", "Images", "Keys", "Postgres", "Tasks", "TaskStatus", "Workflow"],
        ["TaskEvents"] = ["Callers", "Changes", "Http", "Keys", "Postgres", "TaskList", "Waiting", "Workflow"],
        ["TaskImage"] = ["Bucket", "Callers", "Faults", "Http", "Images", "Keys", "Queues", "Tasks", "Workflow"],
        ["Usage"] = ["Callers", "Faults", "Http", "Keys", "Limits", "Postgres", "Tasks", "Workflow"],
        ["ListModels"] = ["Http", "Models", "Models/Catalog"],
        ["Page"] = ["Http"],
        ["OpenApi"] = ["Http", "ListModels", "Models"],
        ["GenerateImage"] = ["Bucket", "Callers", "Http", "Images", "Keys", "Limits", "Models", "Models/Catalog", "Models/Dialects", "Queues", "Tasks", "TaskStatus", "Telemetry", "Tracing", "Waiting", "Webhooks", "Workflow"],
        ["TaskControl"] = ["Callers", "Faults", "GenerateImage", "Http", "Keys", "Tasks", "TaskStatus", "Telemetry", "Workflow"],
        ["GoogleCloud"] = ["Bucket", "Faults", "Models", "Models/Catalog"],
        ["GoogleCloud/AIPlatform"] = ["Models"],
        ["Configuration"] = ["Bucket", "Callers", "GenerateImage", "Keys", "Limits", "Models", "Models/Catalog", "Postgres", "Staging", "Telemetry", "Waiting", "Webhooks"],

        ["LocalHost/Durable/Engine"] = [],
        ["LocalHost/Durable/Store"] = ["LocalHost/Durable/Engine", "Postgres"],
        ["LocalHost/Durable/Worker"] = ["LocalHost/Durable/Store", "LocalHost/Durable/Engine", "Queues"],
        ["LocalHost/Functions"] = [],
        ["LocalHost/Functions/Http"] = ["LocalHost/Functions", "Callers", "Http", "Telemetry"],
        ["LocalHost/Functions/Orchestrations"] = ["LocalHost/Functions", "LocalHost/Durable/Worker"],
        ["LocalHost/Functions/Timers"] = ["LocalHost/Functions", "LocalHost/Durable/Worker", "LocalHost/Durable/Store"],
        ["LocalHost/Migrations"] = [],
        ["LocalHost/Doctor"] = ["Bucket", "Faults", "Keys", "LocalHost/Migrations", "Models", "Models/Catalog", "Models/Dialects", "Postgres"],
        ["LocalHost/CommandLine/Server"] = ["LocalHost/CommandLine"],
        ["LocalHost/CommandLine/Generate"] = ["GenerateImage", "Http", "Images", "LocalHost/CommandLine", "LocalHost/CommandLine/Server", "Models"],
        ["LocalHost/CommandLine/Tasks"] = ["LocalHost/CommandLine", "LocalHost/CommandLine/Server"],
        ["LocalHost/CommandLine/Doctor"] = ["LocalHost/CommandLine", "LocalHost/CommandLine/Server", "LocalHost/Doctor"],
        ["LocalHost/CommandLine"] = [],
    };
}
