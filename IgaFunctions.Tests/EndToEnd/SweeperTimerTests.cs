using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

public sealed class SweeperTimerTests
{
    [Fact]
    public async Task The_sweeper_runs_by_itself()
    {
        await using var service = await OwnService.StartAsync();
        var key = Caller.NewKey();
        var task = await Claims.LeaveAsync(service, key, "a lighthouse");
        await Claims.AgeAsync(service, key);

        Assert.Equal("SUCCESS", (await service.Client.WaitAsync(task.TaskId)).GetProperty("status").GetString());
    }
}
