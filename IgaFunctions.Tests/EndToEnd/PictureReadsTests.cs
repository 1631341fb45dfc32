using System.Net;
using Iga.TaskImage;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>So many pictures are read at once, and no more.</summary>
public sealed class PictureReadsTests
{
    [Fact]
    public async Task Who_hangs_up_makes_room_for_others()
    {
        await using var service = await OwnService.StartAsync();
        var ended = await service.Client.GenerateAsync(Caller.NewKey(), new { prompt = "a lighthouse" });
        var path = $"/v1/tasks/{ended.GetProperty("task_id").GetString()}/image";
        var readers = new List<HttpResponseMessage>();
        for (var i = 0; i < PictureReads.AtOnce; i++)
        {
            service.Gcs.Faults.Add("storage.objects.get", "latency-1ms"); // the look at the object
            service.Gcs.Faults.Add("storage.objects.get", "stall-inside-body");
            readers.Add(await service.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead));
            Assert.Equal(HttpStatusCode.OK, readers[^1].StatusCode);
        }

        using (var refused = await service.Client.GetAsync(path))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("IGA_IMAGE_STORE_UNAVAILABLE", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        // Tasks don't wait for whoever looks at pictures.
        await service.Client.GenerateAsync(Caller.NewKey(), new { prompt = "another one" });

        readers.ForEach(reader => reader.Dispose());
        await Eventually.Async(async () =>
        {
            using var answer = await service.Client.GetAsync(path);
            return answer.StatusCode == HttpStatusCode.OK;
        });
    }
}
