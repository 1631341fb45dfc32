using System.Net;
using System.Net.Sockets;
using Iga.Bench.Fakes;
using Iga.Bench.Load;

namespace Iga.Bench.Systems;

/// <summary>What all systems that are measured share: the database server, the fakes, a directory.</summary>
internal sealed class Lab : IAsyncDisposable
{
    private static readonly byte[] Ready = Requests.Get("/v1/tasks/00000000-0000-7000-8000-000000000000");

    private int _logs;

    private Lab(DatabaseServer databases, string directory) => (Databases, Directory) = (databases, directory);

    public DatabaseServer Databases { get; }

    public FakeModel Model { get; } = new();

    public FakeBucket Bucket { get; } = new();

    /// <summary>For logs, staged pictures and the database's cluster; deleted in the end unless something failed.</summary>
    public string Directory { get; }

    public bool KeepsDirectory { get; set; }

    public static async Task<Lab> OpenAsync(CancellationToken cancellationToken)
    {
        var directory = Path.Combine(Path.GetTempPath(), $"iga-bench-{Guid.NewGuid().ToString("N")[..8]}");
        System.IO.Directory.CreateDirectory(directory);
        return new Lab(await DatabaseServer.StartAsync(directory, cancellationToken), directory);
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public string NewLog(string name) => Path.Combine(Directory, $"{Interlocked.Increment(ref _logs):000}-{name}.log");

    /// <summary>Starts a system and waits until it serves.</summary>
    /// <param name="modelLatency">How long the model takes from now on.</param>
    public async Task<Service> StartAsync(IStack stack, TimeSpan modelLatency, CancellationToken cancellationToken)
    {
        Model.Latency = modelLatency;
        Bucket.Clear();
        var service = await stack.PrepareAsync(this, cancellationToken);
        try
        {
            service.Launch();
            await service.UntilAnsweredAsync(Ready, answer => answer.Status is 200 or 202 or 404, cancellationToken);
            await service.UntilReadyAsync(cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Model.DisposeAsync();
        await Bucket.DisposeAsync();
        await Databases.DisposeAsync();
        if (!KeepsDirectory)
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
