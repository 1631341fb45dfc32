using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>A picture that a task made, as the emulated bucket holds it.</summary>
/// <param name="Name">Of the object, prefix included.</param>
internal sealed record MadePicture(Service Service, Guid TaskId, string Name, long Generation, byte[] Bytes)
{
    private static readonly ConditionalWeakTable<Service, Lazy<Task<MadePicture>>> Shared = [];

    /// <summary>Where the service gives it out.</summary>
    public string Path => $"/v1/tasks/{TaskId}/image";

    private string Resource => $"storage/v1/b/{Service.Bucket}/o/{Uri.EscapeDataString(Name)}";

    /// <summary>One for all tests of a service that only look at it.</summary>
    public static Task<MadePicture> SharedAsync(Service service) =>
        Shared.GetValue(service, static service => new(() => MakeAsync(service))).Value;

    public static async Task<MadePicture> MakeAsync(Service service, object? body = null)
    {
        var ended = await service.Client.GenerateAsync(Caller.NewKey(), body ?? new { prompt = "a lighthouse to look at" });
        Assert.True(ended.GetProperty("status").GetString() == "SUCCESS", ended.ToString());
        var name = ended.GetProperty("result").GetProperty("image_url").GetString()![$"gs://{Service.Bucket}/".Length..];
        var picture = new MadePicture(service, ended.GetProperty("task_id").GetGuid(), name, 0, []);
        var resource = await service.Gcs.GetFromJsonAsync<JsonElement>(picture.Resource);
        return picture with
        {
            Generation = long.Parse(resource.GetProperty("generation").GetString()!, System.Globalization.CultureInfo.InvariantCulture),
            Bytes = await service.Gcs.GetByteArrayAsync($"{picture.Resource}?alt=media"),
        };
    }

    public async Task DeleteAsync()
    {
        using var answer = await Service.Gcs.DeleteAsync(Resource);
        Assert.True(answer.IsSuccessStatusCode);
    }

    /// <summary>Somebody else puts an object in its place.</summary>
    public async Task ReplaceAsync(byte[] bytes)
    {
        using var answer = await Service.Gcs.PostAsync(
            $"upload/storage/v1/b/{Service.Bucket}/o?uploadType=media&name={Uri.EscapeDataString(Name)}", new ByteArrayContent(bytes));
        Assert.True(answer.IsSuccessStatusCode);
    }

    /// <summary>Scripts what the bucket does with the next reads, of which the first looks the object up and the second brings its bytes.</summary>
    public async Task FaultAsync(params string[] faults)
    {
        foreach (var fault in faults)
        {
            await Service.Gcs.FaultAsync("storage.objects.get", fault, match: Name);
        }
    }

    /// <param name="assignment">What becomes of the task's row.</param>
    public async Task ChangeRowAsync(string assignment) =>
        Assert.Equal(1, await Service.ExecuteAsync($"update idempotency_keys set {assignment} where task_id = $1", TaskId));
}
