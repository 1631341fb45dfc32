using Iga.Keys;
using Iga.Tasks;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>Claims that are made past HTTP, as a process leaves them that dies before it starts the task.</summary>
internal static class Claims
{
    /// <summary>Gives the key $1 to another holder, which is none of our tasks.</summary>
    public const string HoldElsewhere = """
        insert into idempotency_keys (idempotency_key, task_name, created_at, locked_at, status)
        values ($1, 'generate_image_vertex_ai_task', now(), now(), 'processing')
        """;

    /// <returns>The task as a POST of this prompt makes it.</returns>
    public static ImageTask NewTask(string key, string prompt)
    {
        var request = new ImageRequest(prompt, "1:1", true, "gemini-3.1-flash-image");
        return new ImageTask(Guid.CreateVersion7(), key, null, request.Fingerprint(), request, 1200);
    }

    public static async Task<ImageTask> LeaveAsync(OwnService service, string key, string prompt)
    {
        var task = NewTask(key, prompt);
        Assert.IsType<Claim.Won>(await service.Get<IdempotencyStore>().ClaimAsync(task, default));
        return task;
    }

    /// <summary>The claim was made so long ago: a minute, where nothing is said, which is enough for the sweeper.</summary>
    public static Task AgeAsync(OwnService service, string key, TimeSpan? age = null) => service.ExecuteAsync(
        "update idempotency_keys set locked_at = now() - $2 where idempotency_key = $1", key, age ?? TimeSpan.FromMinutes(1));

    /// <summary>The tasks fail in another process.</summary>
    public static Task FailElsewhereAsync(OwnService service, params Guid[] tasks) => service.ExecuteAsync(
        """
        update idempotency_keys set status = 'failed', locked_at = null, ended_at = now(),
            error_payload = '{"type": "prompt_blocked", "message": "no"}'
        where task_id = any($1)
        """,
        tasks);

    public static Task<long> RowsOfAsync(OwnService service, string key) =>
        service.ScalarAsync<long>("select count(*) from idempotency_keys where idempotency_key = $1", key);

    /// <summary>The task succeeds, with one picture paid for and one object.</summary>
    public static async Task AssertOneImageAsync(OwnService service, Guid id, string key, string prompt)
    {
        var body = await service.Client.WaitAsync(id);
        Assert.True(body.GetProperty("result").TryGetProperty("image_url", out _), body.ToString());
        Assert.Equal(1, service.ModelCalls(prompt));
        Assert.Single(service.ObjectsOf(key));
    }
}
