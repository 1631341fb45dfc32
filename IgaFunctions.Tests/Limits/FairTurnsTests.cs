using Iga.Tests.Faults;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Limits;

/// <summary>Callers take turns at the model, however much one of them has asked for.</summary>
public sealed class FairTurnsTests
{
    private const int Tasks = 80;

    /// <param name="perMinute">The model's quota; null is none.</param>
    /// <param name="atOnce">Calls at once; null is no limit but that of activities.</param>
    [Theory]
    [InlineData(null, 2)]
    [InlineData(1_200, null)]
    [InlineData(null, null)]
    public async Task One_picture_does_not_wait_behind_another_callers_many(int? perMinute, int? atOnce)
    {
        await using var lab = await Lab.StartAsync(
            new()
            {
                ["IGA_MODEL_TIMEOUT_SECONDS"] = "60",
                ["IGA_MODEL_REQUESTS_PER_MINUTE"] = perMinute?.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["IGA_MODEL_MAX_CONCURRENCY"] = atOnce?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
            options => options with { MaxConcurrentActivityFunctions = 8 },
            drawing: TimeSpan.FromMilliseconds(50));
        var door = new TaskCompletionSource();
        lab.Door = door.Task;
        var (many, one) = (new NamedCaller(lab.Service, "many"), new NamedCaller(lab.Service, "one"));

        var tasks = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => many.PostAsync()));
        await Eventually.Async(() => lab.Vertex.Log.Count >= (atOnce ?? 1));
        var task = await one.PostAsync(Caller.NewKey(), new { prompt = "the only one" });
        door.SetResult();

        foreach (var accepted in tasks.Append(task))
        {
            Assert.Equal("SUCCESS", (await lab.Client.WaitAsync(accepted.TaskId)).GetProperty("status").GetString());
        }

        var place = lab.Vertex.Log.Select(call => call.Prompt).ToList().IndexOf("the only one");
        Assert.InRange(place, 0, Tasks / 4);
    }
}
