using Iga.Emulators.Faults;
using Iga.Faults;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Faults;

/// <summary>Many tasks at once, each with a random sequence of faults of its own.</summary>
public sealed class FaultStormTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Tasks = 50;

    private static readonly string[] PassingAtTheModel =
    [
        "return-408", "return-429", "return-500", "return-502", "return-503", "return-504", "return-reset-connection",
        "return-503-after-body", "return-reset-connection-after-body", "reset-inside-body", "truncate-body", "malformed-json",
        "picture-cut", "error-503-in-200",
    ];

    private static readonly Dictionary<string, string> PermanentAtTheModel = new()
    {
        ["blocked-prompt-400"] = FailureKind.PromptBlocked,
        ["blocked-prompt-200"] = FailureKind.PromptBlocked,
        ["finish-IMAGE_SAFETY"] = FailureKind.PromptBlocked,
        ["text-only"] = FailureKind.NoImageReturned,
        ["not-an-image"] = FailureKind.NoImageReturned,
        ["return-404"] = FailureKind.ModelNotFound,
        ["return-403"] = FailureKind.ModelRejectedRequest,
    };

    private static readonly string[] PassingAtTheBucket =
    [
        "return-429", "return-503", "return-503-after-256K", "return-reset-connection", "return-503-after-body",
        "return-reset-connection-after-body", "truncate-body", "malformed-json", "wrong-crc32c", "precondition-failed-412",
    ];

    private static readonly string[] PermanentAtTheBucket = ["return-403", "return-403-after-body", "return-404"];

    private Lab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await Lab.StartAsync(new() { ["IGA_MODEL_TIMEOUT_SECONDS"] = "3" });

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Whatever_goes_wrong_in_whatever_order_every_task_ends_as_documented_and_leaves_nothing_half_done()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var victims = Enumerable.Range(0, Tasks).Select(_ => Script(random)).ToArray();
        using var over = new CancellationTokenSource();
        var others = await HealthyAsync(2 * Tasks);
        var hum = HumAsync(over.Token);

        var wrong = await Task.WhenAll(victims.Select(EndAsync));

        await over.CancelAsync();
        Assert.All([.. others, .. await hum], status => Assert.Equal("SUCCESS", status));
        Assert.True(wrong.All(w => w is null), string.Join('\n', wrong.Where(w => w is not null)));
        await _lab.AssertNothingIsLeftAsync();
        output.WriteLine($"{_lab.Vertex.Faults.Served} faults of the model, {_lab.Gcs.Faults.Served} of the bucket");
    }

    private Victim Script(Random random)
    {
        var victim = new Victim(Caller.NewKey(), $"in the storm {Guid.NewGuid()}");
        var faults = random.Next(1, 7);
        var atTheModel = random.Next(0, faults + 1);
        for (var i = 0; i < atTheModel; i++)
        {
            var name = random.Next(8) switch
            {
                0 => PermanentAtTheModel.Keys.ElementAt(random.Next(PermanentAtTheModel.Count)),
                1 when !victim.Faults.Exists(f => f.StartsWith("stall", StringComparison.Ordinal)) => "stall-for-60s-after-body",
                _ => PassingAtTheModel[random.Next(PassingAtTheModel.Length)],
            };
            victim.Meets(name, PermanentAtTheModel.GetValueOrDefault(name));
            _lab.FaultModel(victim.Prompt, name);
        }

        for (var i = atTheModel; i < faults; i++)
        {
            var isPermanent = random.Next(8) == 0;
            var names = isPermanent ? PermanentAtTheBucket : PassingAtTheBucket;
            var name = names[random.Next(names.Length)];
            victim.Meets($"upload {name}", isPermanent ? FailureKind.StorageDenied : null);
            _lab.FaultUpload(victim.Key, name);
        }

        return victim;
    }

    /// <returns>What is wrong, or null.</returns>
    private async Task<string?> EndAsync(Victim victim)
    {
        var body = await _lab.GenerateAsync(victim.Key, new { prompt = victim.Prompt });
        var kind = body.GetProperty("result").TryGetProperty("error", out var error) ? error.GetProperty("type").GetString() : null;
        var objects = _lab.ObjectsOf(victim.Key).Length;
        var made = _lab.MadeFor(victim.Prompt);

        // An upload that was stored unseen ends its task before the bucket's later faults are met.
        var kinds = victim.Kind == FailureKind.StorageDenied ? [null, victim.Kind] : (string?[])[victim.Kind];
        var pays = victim.LostPictures + (victim.Kind is null or FailureKind.StorageDenied ? 1 : 0);
        return kinds.Contains(kind) && objects == (kind is null ? 1 : 0) && made == pays
            ? null
            : $"{string.Join(", ", victim.Faults)}: {objects} objects, {made} pictures made ({pays} expected): {body}";
    }

    /// <summary>Healthy tasks meanwhile, so that the circuit sees a service that is mostly well.</summary>
    private async Task<List<string?>> HumAsync(CancellationToken cancellationToken)
    {
        var ended = new List<string?>();
        while (!cancellationToken.IsCancellationRequested)
        {
            ended.AddRange(await HealthyAsync(4));
            await Task.Delay(100, CancellationToken.None);
        }

        return ended;
    }

    private async Task<IEnumerable<string?>> HealthyAsync(int count)
    {
        var bodies = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => _lab.GenerateAsync(
            Caller.NewKey(), new { prompt = $"healthy {Guid.NewGuid()}" })));
        return bodies.Select(body => body.GetProperty("status").GetString());
    }

    /// <summary>A task and what it is to meet, in order.</summary>
    private sealed class Victim(string key, string prompt)
    {
        public string Key => key;

        public string Prompt => prompt;

        public List<string> Faults { get; } = [];

        /// <summary>The kind of the first permanent fault, which is the last that is met.</summary>
        public string? Kind { get; private set; }

        /// <summary>Pictures that are made, and then lost with their answer.</summary>
        public int LostPictures { get; private set; }

        public void Meets(string fault, string? kind)
        {
            if (Kind is null && !fault.StartsWith("upload", StringComparison.Ordinal)
                && FaultName.Parse(fault).Point is FaultPoint.AfterWork or FaultPoint.InAnswer)
            {
                LostPictures++;
            }

            Faults.Add(fault);
            Kind ??= kind;
        }
    }
}
