using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>
/// An orchestration can be terminated, or fail in a way that nobody foresaw, after its picture is stored and before it ends. The key
/// has its picture then, and starts no other task.
/// </summary>
public sealed class StoredAndEndedFromOutsideTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private readonly OwnService _service = fixture.Service;
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    public async Task A_task_whose_picture_is_stored_reads_as_its_picture_however_its_orchestration_ended(
        OrchestrationRuntimeStatus status)
    {
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        var stored = await _service.Client.WaitAsync(id);
        await _service.ExecuteAsync(
            "update iga_runtime.instances set status = $2, output = null where instance_id = $1", id.ToString(), (short)status);

        Assert.Equal(id, await _service.Client.SubmitAsync(_key, new { prompt = _prompt }));

        var body = await _service.Client.WaitAsync(id);
        Assert.True(JsonElement.DeepEquals(stored, body), body.ToString());
    }
}
