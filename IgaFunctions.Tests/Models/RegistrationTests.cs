using Iga.Bucket;
using Iga.GoogleCloud;
using Iga.LocalHost.Durable.Worker;
using Iga.Models;
using Iga.Postgres;
using Iga.Staging;
using Microsoft.Extensions.DependencyInjection;

namespace Iga.Tests.Models;

public sealed class RegistrationTests
{
    [Theory]
    [InlineData(null, typeof(DirectoryImageStaging))]
    [InlineData("UseDevelopmentStorage=true", typeof(BlobImageStaging))]
    public async Task Model_staging_and_store_come_out_of_the_container(string? blobs, Type staging)
    {
        var directory = Directory.CreateTempSubdirectory("iga-staging-");
        var services = new ServiceCollection()
            .AddSingleton(new VertexOptions(new("http://127.0.0.1:1"), "p", "global", 60, 8, new CallTimeouts()))
            .AddSingleton(new StorageOptions("b", "images/", new("http://127.0.0.1:1")))
            .AddSingleton(new StagingOptions(directory.FullName, blobs))
            .AddSingleton(new DatabaseIdentity(_ => Task.FromResult(Guid.NewGuid())))
            .AddSingleton<WorkerLease>()
            .AddModels()
            .AddStaging()
            .AddGoogle();
        await using (var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true }))
        {
            Assert.NotNull(provider.GetRequiredService<IImageModel>());
            Assert.NotNull(provider.GetRequiredService<IImageStore>());
            Assert.IsType<ClientGcsTransport>(provider.GetRequiredService<IGcsTransport>());
            Assert.IsType(staging, provider.GetRequiredService<IImageStaging>());
        }

        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_large_answer_leaves_no_memory_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the buffers keep their memory.");
        const int size = 2 * PooledBody.LargeSize;
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(200, new string('x', size)));
        var services = new ServiceCollection()
            .AddSingleton(new VertexOptions(server.Address, "p", "global", null, null, new CallTimeouts()))
            .AddGoogle();
        await using var provider = services.BuildServiceProvider();

        var reply = await provider.GetRequiredService<IVertexTransport>().PostAsync(
            "gemini-3", "generateContent", "{}"u8.ToArray(), CancellationToken.None);
        var body = reply.Body;
        Assert.Equal((size, (byte)'x'), (body.Length, body.Span[size / 2]));
        reply.Dispose();

        // What the system took back is read as zeros.
        Assert.Equal(0, body.Span[size / 2]);
    }

    [Fact]
    public async Task The_local_host_reaches_the_bucket_over_REST()
    {
        var services = new ServiceCollection()
            .AddSingleton(new StorageOptions("b", "images/", new("http://127.0.0.1:1")))
            .AddGoogle()
            .AddGcsOverRest();
        await using var provider = services.BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<RestGcsTransport>(), provider.GetRequiredService<IGcsTransport>());
        Assert.Single(provider.GetServices<IGcsTransport>());
    }
}
