using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>
/// The JSON API of Google Cloud Storage at wire level, on loopback: uploads of all three kinds, downloads, metadata, lists,
/// copies, deletes, preconditions and checksums, and of the XML API what public and signed URLs are made of. Point
/// <c>STORAGE_EMULATOR_HOST</c> at <see cref="Address"/>.
/// </summary>
public sealed class GcsEmulator : IAsyncDisposable
{
    private const int LogCapacity = 10_000;

    private readonly GcsEmulatorOptions _options;
    private readonly ObjectStore _store;
    private readonly StorageRoutes _routes;
    private readonly ControlApi _control;
    private readonly BoundedLog<StorageCall> _log = new(LogCapacity);
    private LoopbackServer? _server;
    private int _calls;
    private long _latency;

    private GcsEmulator(GcsEmulatorOptions options)
    {
        _options = options;
        _store = new ObjectStore(
            options.DataDirectory is { } directory ? new DirectoryContents(directory) : new MemoryContents(),
            options.Buckets,
            options.TimeProvider);
        _routes = new StorageRoutes(_store, Begin, options.TimeProvider);
        Objects = new EmulatedObjects(_store);
        _control = new ControlApi(Faults, latency => Latency = latency, WriteStats, objects =>
        {
            Reset();
            if (objects)
            {
                Objects.Clear();
            }
        });
        Latency = options.Latency;
    }

    /// <summary>The base address; ends in a slash.</summary>
    public Uri Address => _server!.Address;

    /// <summary>Faults that wait for requests.</summary>
    public FaultScript Faults { get; } = new(
        FaultTarget.Storage,
        "storage.objects.insert.simple",
        "storage.objects.insert.start",
        "storage.objects.insert.chunk",
        "storage.objects.insert.status",
        "storage.objects.get",
        "storage.objects.list",
        "storage.objects.patch",
        "storage.objects.update",
        "storage.objects.delete",
        "storage.objects.rewrite",
        "storage.objects.copy",
        "storage.objects.move",
        "storage.objects.compose",
        "storage.buckets.get",
        "storage.buckets.list",
        "storage.buckets.insert",
        "storage.buckets.patch",
        "storage.buckets.update",
        "storage.buckets.delete",
        "storage.buckets.getStorageLayout",
        "storage.buckets.getIamPolicy",
        "storage.buckets.testIamPermissions");

    /// <summary>What is stored.</summary>
    public EmulatedObjects Objects { get; }

    /// <summary>Requests, whatever became of them; those of the control API don't count.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How many times an object was written since the start.</summary>
    public int Inserts => _store.Inserts;

    /// <summary>The last 10,000 requests, oldest first.</summary>
    public IReadOnlyList<StorageCall> Log => _log.ToList();

    /// <summary>How long every request takes from now on.</summary>
    public TimeSpan Latency
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _latency));
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            Interlocked.Exchange(ref _latency, value.Ticks);
        }
    }

    /// <exception cref="ArgumentException">The host is not a loopback address, or a bucket's name is not a valid one.</exception>
    /// <exception cref="IOException">The port is taken, or the data directory is in use or can't be written.</exception>
    public static async Task<GcsEmulator> StartAsync(GcsEmulatorOptions options, CancellationToken cancellationToken = default)
    {
        var emulator = new GcsEmulator(options);
        try
        {
            emulator._store.Load();
            emulator._server = await LoopbackServer.StartAsync(
                options.Host, options.Port, options.MaxConnections, options.AllowedHosts, emulator.HandleAsync, ResourceJson.WriteError,
                cancellationToken);
            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Forgets faults, counters and the log; objects stay.</summary>
    public void Reset()
    {
        Faults.Reset();
        _log.Clear();
        Interlocked.Exchange(ref _calls, 0);
        Latency = _options.Latency;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _routes.DisposeAsync();
        _store.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var target = RequestTarget.Of(context);
        if (await _control.TryAnswerAsync(context, target))
        {
            return;
        }

        Interlocked.Increment(ref _calls);
        await _routes.AnswerAsync(context, target);
    }

    private StorageExchange Begin(
        HttpContext context, string operation, string bucket, string name, Func<Fault, bool, bool>? fits = null)
    {
        QueryParameters.Check(context.Request, operation);
        var fields = FieldMask.Of(context.Request, AnswerFields.Of(operation));
        _log.Add(new StorageCall(operation, bucket, name));
        var fault = Faults.Take(operation, name, (fault, exact) => fault switch
        {
            Fault.ExpiredUrl or Fault.SignatureMismatch => SignedUrl.IsSigned(context.Request),
            Fault.RewriteInParts => operation == "storage.objects.rewrite",
            _ => fits?.Invoke(fault, exact) ?? true,
        });
        return new StorageExchange(context, fields, fault, Latency, _options.TimeProvider);
    }

    private void WriteStats(Utf8JsonWriter json)
    {
        json.WriteNumber("calls", Calls);
        json.WriteNumber("inserts", Inserts);
        json.WriteNumber("latency_milliseconds", Latency.TotalMilliseconds);
        json.WriteStartObject("objects");
        foreach (var bucket in _store.ListBuckets())
        {
            json.WriteNumber(bucket.Name, _store.List(bucket.Name).Count);
        }

        json.WriteEndObject();
        json.WriteStartObject("calls_per_operation");
        foreach (var operation in _log.ToList().CountBy(c => c.Operation))
        {
            json.WriteNumber(operation.Key, operation.Value);
        }

        json.WriteEndObject();
    }
}
