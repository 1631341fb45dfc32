using Iga.Keys;
using Iga.Tasks;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>Claims that are made past HTTP, as a process leaves them that dies before it starts the task.</summary>
internal static class Claims
{
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

    /// <summary>Lets the sweeper think that the claim was made a minute ago.</summary>
    public static Task AgeAsync(OwnService service, string key) => service.ExecuteAsync(
        "update idempotency_keys set locked_at = now() - interval '1 minute' where idempotency_key = $1", key);

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
