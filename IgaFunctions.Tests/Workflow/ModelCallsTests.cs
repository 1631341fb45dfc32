using Iga.Faults;
using Iga.Http;
using Iga.Images;
using Iga.Models;
using Iga.Tasks;
using Iga.Telemetry;
using Iga.Tests.Models;
using Iga.Workflow.Activities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iga.Tests.Workflow;

public sealed class ModelCallsTests
{
    private static readonly FailureException Chance = new(FailureKind.NoImageReturned, "no picture") { IsChance = true };
    private static readonly FailureException Refusal = new(FailureKind.NoImageReturned, "I can't draw that");

    private readonly TestTime _time = new();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public async Task A_model_that_makes_no_picture_by_chance_is_asked_again_as_often_as_configured(int retries, int calls)
    {
        var model = new SlowModel(_time, TimeSpan.FromSeconds(15), Chance);

        Assert.Same(Chance, await Assert.ThrowsAsync<FailureException>(() => CallAsync(model, retries)));

        Assert.Equal(calls, model.Calls);
    }

    [Fact]
    public async Task Any_other_failure_is_told_at_once()
    {
        var model = new SlowModel(_time, TimeSpan.FromSeconds(15), Refusal);

        Assert.Same(Refusal, await Assert.ThrowsAsync<FailureException>(() => CallAsync(model, 2)));

        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task The_picture_of_the_second_call_is_the_answer()
    {
        var model = new SlowModel(_time, TimeSpan.FromSeconds(15), Chance, null);

        using var image = await CallAsync(model, 1);

        Assert.Equal(2, model.Calls);
    }

    /// <param name="spent">Seconds since the task began.</param>
    /// <param name="call">Seconds that a call takes.</param>
    [Theory]
    [InlineData(0, 90, 2)]
    [InlineData(0, 91, 1)]
    [InlineData(150, 15, 2)]
    [InlineData(151, 15, 1)]
    public async Task A_call_that_could_not_end_in_time_is_not_begun(int spent, int call, int calls)
    {
        Assert.Equal(TimeSpan.FromSeconds(180), PromisedLimits.Trying);
        var model = new SlowModel(_time, TimeSpan.FromSeconds(call), Chance);

        await Assert.ThrowsAsync<FailureException>(() => CallAsync(model, 1, TimeSpan.FromSeconds(spent)));

        Assert.Equal(calls, model.Calls);
    }

    private async Task<GeneratedImage> CallAsync(IImageModel model, int retries, TimeSpan spent = default)
    {
        await using var services = new ServiceCollection().AddMetrics().AddLogging().AddSingleton<IgaMetrics>().BuildServiceProvider();
        var options = new VertexOptions(new("http://unused"), "p", "global", null, null, new CallTimeouts()) { NoImageRetries = retries };
        var calls = new ModelCalls(model, options, services.GetRequiredService<IgaMetrics>(), _time, NullLogger<ModelCalls>.Instance);
        return await calls.GenerateAsync(
            new ImageRequest("a fox", "1:1", true, "gemini-3.1-flash-image"), _time.GetUtcNow().UtcDateTime - spent, CancellationToken.None);
    }

    /// <param name="failures">What each call ends in, the last one for all that follow; null is a picture.</param>
    private sealed class SlowModel(TestTime time, TimeSpan call, params FailureException?[] failures) : IImageModel
    {
        public int Calls { get; private set; }

        public Task<GeneratedImage> GenerateAsync(
            ImageRequest request, CancellationToken cancellationToken, string? caller = null,
            Func<CancellationToken, Task<IDisposable>>? makeRoom = null)
        {
            time.Advance(call);
            return failures[Math.Min(Calls++, failures.Length - 1)] is { } failure
                ? Task.FromException<GeneratedImage>(failure)
                : Task.FromResult(new GeneratedImage(default, ImageFormat.Png, Stream.Null));
        }
    }
}
