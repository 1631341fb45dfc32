using Iga.Emulators.Faults;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>One <see cref="OwnService"/> for the tests of a class, which gives a call of the model more time than any test waits.</summary>
public sealed class LongCallsFixture : IAsyncLifetime
{
    /// <summary>Neither this nor the call's time is over while a test waits for something.</summary>
    internal static readonly Fault Stall = new Fault.Stall(Eventually.Deadline * 2);

    internal OwnService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await OwnService.StartAsync(
        settings => settings["IGA_MODEL_TIMEOUT_SECONDS"] = $"{(int)Eventually.Deadline.TotalSeconds * 3}");

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
