namespace Iga.Tests.EndToEnd;

/// <summary>One <see cref="OwnService"/> for the tests of a class.</summary>
public sealed class OwnServiceFixture : IAsyncLifetime
{
    internal OwnService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await OwnService.StartAsync();

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
