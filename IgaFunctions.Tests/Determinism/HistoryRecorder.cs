using Iga.LocalHost.Durable.Engine;
using Iga.LocalHost.Durable.Store;
using Iga.Tasks;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Workflow;
using Microsoft.Extensions.DependencyInjection;

namespace Iga.Tests.Determinism;

/// <summary>
/// Writes new files into Histories/ from tasks that the real service runs. Not a test: run it when the workflow has got a new
/// way through it, add its files, and never replace those that are there (see the README beside them).
/// <code>
/// dotnet run --project IgaFunctions.Tests -- -class '*HistoryRecorder' -explicit only
/// </code>
/// </summary>
public sealed class HistoryRecorder
{
    public static readonly string[] Paths =
    [
        "success", "retry then success", "permanent failure", "conflict at the start", "key lost during a wait",
        "staged picture gone", "upload failed", "store away and back", "local wait", "completed later",
    ];

    [Fact(Explicit = true)]
    public async Task Record()
    {
        Directory.CreateDirectory(Path.Combine(RecordedHistory.Directory, ImageWorkflow.Name));
        foreach (var path in Paths.Where(path =>
            !File.Exists(Path.Combine(RecordedHistory.Directory, RecordedHistory.FileOf(ImageWorkflow.Name, path)))))
        {
            await using var service = await OwnService.StartAsync(
                settings => settings["IGA_MODEL_REQUESTS_PER_MINUTE"] = path == "local wait" ? "2" : null);
            var task = await RunAsync(service, path);
            await Eventually.Async(async () => (await service.Hub.GetInstanceAsync(task.InstanceId))?.IsCompleted == true);
            await SaveAsync(service, path, ImageWorkflow.Name, task.InstanceId, task);
        }
    }

    /// <summary>Writes the file of an instance that has ended.</summary>
    internal static async Task SaveAsync(OwnService service, string path, string orchestrator, string instanceId, object input)
    {
        var row = await ReadRowAsync(service, orchestrator, instanceId, input);
        var events = await service.Get<InstanceStore>().ReadHistoryAsync([row], default);
        ReplayedHistory.Of(path, row, [.. events[row.ExecutionId]]).Save();
    }

    private static async Task<ImageTask> RunAsync(OwnService service, string path)
    {
        var (key, prompt) = ($"key of {path}", $"a lighthouse, {path}");
        void ModelFault(string fault) => service.Vertex.Faults.Add("vertex.generateContent", fault, match: prompt);
        void UploadFault(string fault) =>
            service.Gcs.Faults.Add("storage.objects.insert.simple", fault, match: Service.ObjectStemOf(key));

        switch (path)
        {
            case "retry then success":
                // An activity makes up to two short retries by itself.
                service.Vertex.Faults.Add("vertex.generateContent", "return-503", count: 6, match: prompt);
                break;
            case "permanent failure":
                ModelFault("blocked-prompt-200");
                break;
            case "conflict at the start":
                await service.ExecuteAsync(Claims.HoldElsewhere, key);
                break;
            case "upload failed":
                UploadFault("return-403");
                break;
            case "completed later":
                await service.ExecuteAsync("alter table idempotency_keys add constraint no_result check (result_payload is null)");
                break;
            case "local wait":
                await service.Client.GenerateAsync("key in the way", new { prompt = "it uses up the quota" });
                break;
            default:
                ModelFault("latency-1000ms");
                break;
        }

        return await SubmitAsync(service, path, key, prompt);
    }

    private static async Task<ImageTask> SubmitAsync(OwnService service, string path, string key, string prompt)
    {
        if (path == "key lost during a wait")
        {
            service.Vertex.Faults.Clear();
            service.Vertex.Faults.Add("vertex.generateContent", "return-503", count: 9, match: prompt);
        }

        var id = await service.Client.SubmitAsync(key, new { prompt });
        var task = Claims.NewTask(key, prompt) with { TaskId = id };
        switch (path)
        {
            case "key lost during a wait":
                await service.Client.WaitAsync(id, "RETRY");
                await service.ExecuteAsync("update idempotency_keys set task_id = gen_random_uuid() where idempotency_key = $1", key);
                break;
            case "staged picture gone":
                // The first upload finds a picture of another size.
                var file = service.StagedFile(id);
                service.Gcs.Faults.Add("storage.objects.insert.simple", "return-503", count: 3, match: Service.ObjectStemOf(key));
                await service.Client.WaitAsync(id, "RETRY");
                await File.AppendAllTextAsync(file, "damaged");
                break;
            case "completed later":
                await service.Client.WaitAsync(id, "RETRY");
                await service.ExecuteAsync("alter table idempotency_keys drop constraint no_result");
                break;
            case "store away and back":
                await service.Client.WaitAsync(id, "STARTED");
                await service.ExecuteAsync("alter table idempotency_keys rename to away");
                await Eventually.Async(async () => 1 == await service.ScalarAsync<long>(
                    "select count(*) from iga_runtime.history where kind = 'failed' and name = 'confirm_or_give_up'"));
                await service.ExecuteAsync("alter table away rename to idempotency_keys");
                break;
        }

        return task;
    }

    private static async Task<InstanceRow> ReadRowAsync(OwnService service, string orchestrator, string instanceId, object input)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(service.ConnectionString);
        await using var command = database.CreateCommand(
            "select execution_id, created_at, seq from iga_runtime.instances where instance_id = $1");
        command.Parameters.Add(new() { Value = instanceId });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return new InstanceRow(
            instanceId, reader.GetGuid(0), orchestrator, DurableJson.Serialize(input), null, reader.GetDateTime(1), reader.GetInt32(2));
    }
}
