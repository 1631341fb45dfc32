using Iga.Images;
using Iga.LocalHost.Durable.Worker;
using Iga.Staging;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Tests.Staging;
using Iga.Workflow.Activities;

namespace Iga.Tests.Workflow;

/// <summary>A staging that takes no pictures costs no money, and no task.</summary>
public sealed class FullStagingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_the_disk_takes_nothing_no_model_is_called_and_afterwards_each_key_is_paid_once(bool isFull)
    {
        using var disk = TinyDisk.Mount(megabytes: 6);
        await using var service = await OwnService.StartAsync(settings =>
        {
            settings["IGA_STAGING_DIR"] = disk.Folder;
            settings["IGA_MODEL_MAX_CONCURRENCY"] = "1"; // a turn that came to nothing is given back
        });
        (var key, var prompt) = (Caller.NewKey(), $"a lighthouse {Guid.NewGuid()}");
        Break();

        var task = await service.Client.SubmitAsync(key, new { prompt });
        await service.Client.WaitAsync(task, forStatus: "RETRY");
        Assert.Equal(task, await service.Client.SubmitAsync(key, new { prompt }));
        Assert.Equal(0, service.ModelCalls(prompt));
        Mend();
        var ended = await service.Client.WaitAsync(task);

        Assert.Equal("SUCCESS", ended.GetProperty("status").GetString());
        Assert.Equal(1, service.ModelCalls(prompt));

        void Break()
        {
            if (isFull)
            {
                disk.Fill();
            }
            else
            {
                disk.MakeReadOnly(true);
            }
        }

        void Mend()
        {
            disk.Empty();
            disk.MakeReadOnly(false);
        }
    }

    [Fact]
    public async Task Calls_at_the_same_time_have_room_each_for_its_own_picture()
    {
        // Room for one picture, and not for two.
        using var disk = TinyDisk.Mount(megabytes: 6);
        await using var service = await OwnService.StartAsync(settings => settings["IGA_STAGING_DIR"] = disk.Folder);
        var staging = service.Get<IImageStaging>();

        using (await staging.ReserveAsync(null, default))
        {
            var refused = await Assert.ThrowsAsync<Iga.Faults.FailureException>(() => staging.ReserveAsync(null, default));
            Assert.True(refused.Fault is { IsTransient: true, WaitsForStaging: true });
            Assert.DoesNotContain(disk.Folder, refused.Message, StringComparison.Ordinal);
        }

        (await staging.ReserveAsync(null, default)).Dispose();
    }

    [Fact]
    public async Task A_disk_that_fills_up_during_a_call_takes_its_picture_all_the_same()
    {
        using var disk = TinyDisk.Mount(megabytes: 6);
        await using var service = await OwnService.StartAsync(settings => settings["IGA_STAGING_DIR"] = disk.Folder);
        var staging = service.Get<IImageStaging>();
        var (task, picture) = (Guid.NewGuid(), Models.Pictures.Png(3 << 20));

        using (var room = await staging.ReserveAsync(null, default))
        {
            disk.Fill();
            await staging.StageAsync(task, room, picture, StagedImage.Of(picture, ImageFormat.Png), default);
        }

        await using var staged = (await staging.OpenAsync(task, default))!;
        Assert.Equal(picture.Length, staged.Length);
    }

    [Fact]
    public async Task Room_that_is_kept_makes_way_for_a_larger_picture()
    {
        using var disk = TinyDisk.Mount(megabytes: 18);
        await using var service = await OwnService.StartAsync(settings => settings["IGA_STAGING_DIR"] = disk.Folder);
        var staging = service.Get<IImageStaging>();
        (await staging.ReserveAsync("1K", default)).Dispose();

        (await staging.ReserveAsync("2K", default)).Dispose(); // 16 MiB, where 4 are kept
    }

    [Fact]
    public async Task Calls_that_wait_for_their_turn_hold_no_room()
    {
        // Room for four pictures: one that is made, and those that are written meanwhile.
        const int Tasks = 12;
        using var disk = TinyDisk.Mount(megabytes: 18);
        await using var service = await OwnService.StartAsync(settings =>
        {
            settings["IGA_STAGING_DIR"] = disk.Folder;
            settings["IGA_MODEL_MAX_CONCURRENCY"] = "1";
        });
        service.Vertex.Faults.Add("*", "latency-50ms", Tasks);
        var lease = service.Get<WorkerLease>();
        await Eventually.Async(() => lease.Current is not null);
        lease.ActUnder(lease.Current!.Value);
        var maker = service.Get<ImageMaker>();
        var tasks = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => Claims.LeaveAsync(service, Caller.NewKey(), "a queue")));

        var made = await Task.WhenAll(tasks.Select(task => maker.MakeAsync(task, DateTime.UtcNow, [], default)));

        Assert.All(made, progress => Assert.IsType<Progress.Staged>(progress));
    }

    [Fact]
    public async Task A_picture_that_the_staging_refuses_after_all_goes_to_the_bucket_and_is_not_paid_for_twice()
    {
        await using var service = await OwnService.StartAsync();
        var key = Caller.NewKey();
        var task = await Claims.LeaveAsync(service, key, $"refused {key}");
        var lease = service.Get<WorkerLease>();
        await Eventually.Async(() => lease.Current is not null);
        lease.ActUnder(lease.Current!.Value);
        var refusing = new RefusingStaging(service.Get<IImageStaging>());

        var made = await service.Make<ImageMaker>(refusing, service.Make<PictureKeeper>(refusing)).MakeAsync(task, DateTime.UtcNow, [], default);
        var again = await service.Get<ImageMaker>().MakeAsync(task, DateTime.UtcNow, [], default);

        var stored = Assert.IsType<Progress.Stored>(made);
        Assert.Equal(stored.Url, Assert.IsType<Progress.Stored>(again).Url);
        Assert.Single(service.ObjectsOf(key));
        Assert.Equal(1, service.ModelCalls($"refused {key}"));
    }

    private sealed class RefusingStaging(IImageStaging inner) : DelegatingStaging(inner)
    {
        public override Task<StagedImage> StageAsync(
            Guid taskId, StagingRoom room, ReadOnlyMemory<byte> image, StagedImage description, CancellationToken cancellationToken) =>
            throw new IOException("Input/output error");
    }
}
