using Iga.Emulators.Faults;
using Iga.Emulators.Pictures;
using Iga.Emulators.Vertex;
using Iga.Faults;
using Iga.Google;
using Iga.Imaging;
using Iga.Imaging.Vertex;
using Iga.Tests.Imaging;

namespace Iga.Functions.Tests.Google;

/// <summary>The image models over Google's client, on the emulated Vertex AI.</summary>
public sealed class ClientVertexTests : IAsyncLifetime
{
    private const string Gemini = "gemini-3.1-flash-image";
    private const string Imagen = "imagegeneration@006";

    private static readonly byte[] Png = Iga.Tests.Imaging.Pictures.Png(300_000);

    private VertexEmulator _vertex = null!;

    public async ValueTask InitializeAsync() => _vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions
    {
        PictureFactory = (_, _) => ValueTask.FromResult(new Picture(Png, "image/png")),
    });

    public ValueTask DisposeAsync() => _vertex.DisposeAsync();

    [Theory]
    [InlineData(Gemini)]
    [InlineData(Imagen)]
    public async Task Both_dialects_bring_the_models_bytes(string modelId)
    {
        using var image = await GenerateAsync(modelId);

        Assert.Equal(Png, image.Bytes.ToArray());
    }

    [Theory]
    [InlineData("blocked-prompt-400", FailureKind.PromptBlocked)]
    [InlineData("blocked-prompt-200", FailureKind.PromptBlocked)]
    [InlineData("finish-SAFETY", FailureKind.PromptBlocked)]
    [InlineData("no-predictions", FailureKind.NoImageReturned)]
    [InlineData("text-only", FailureKind.NoImageReturned)]
    [InlineData("oversized-60M", FailureKind.NoImageReturned)]
    [InlineData("return-404", FailureKind.ModelNotFound)]
    [InlineData("return-403", FailureKind.ModelRejectedRequest)]
    public async Task A_permanent_fault_is_told_by_its_kind(string fault, string kind)
    {
        _vertex.Faults.Add("*", fault);

        var failure = await Assert.ThrowsAsync<FailureException>(() => GenerateAsync(Gemini));

        Assert.Equal((kind, false), (failure.Kind, failure.IsTransient));
        Assert.Single(_vertex.Log);
    }

    [Theory]
    [InlineData("return-503")]
    [InlineData("return-reset-connection")]
    [InlineData("reset-inside-body")]
    [InlineData("truncate-body")]
    [InlineData("malformed-json")]
    public async Task A_passing_fault_is_made_good(string fault)
    {
        _vertex.Faults.Add("*", fault);

        using var image = await GenerateAsync(Gemini);

        Assert.Equal(2, _vertex.Log.Count);
    }

    [Fact]
    public async Task A_wait_that_the_model_asks_for_is_handed_on()
    {
        _vertex.Faults.Add("*", new Fault.ReturnStatus(429) { RetryAfter = 7 });

        var failure = await Assert.ThrowsAsync<FailureException>(() => GenerateAsync(Gemini));

        Assert.Equal((FailureKind.QuotaExhausted, true), (failure.Kind, failure.IsTransient));
        Assert.Equal(TimeSpan.FromSeconds(7), failure.RetryAfter);
    }

    [Theory]
    [InlineData(Gemini)]
    [InlineData(Imagen)]
    public async Task A_call_that_takes_longer_than_the_clients_own_timeout_is_waited_for(string modelId)
    {
        _vertex.Latency = TimeSpan.FromSeconds(6);

        using var image = await GenerateAsync(modelId);

        Assert.Single(_vertex.Log);
    }

    private async Task<GeneratedImage> GenerateAsync(string modelId)
    {
        var options = new VertexOptions(_vertex.Address, "my-project", "global", null, null, TimeSpan.FromSeconds(120));
        var transport = new ClientVertexTransport(GoogleClients.CreatePredictionClient(options), options);
        using var model = new VertexImageModel(transport, options, new RecordingObserver(), TimeProvider.System);
        return await model.GenerateAsync(new("a fox", "1:1", true, modelId), CancellationToken.None);
    }
}
