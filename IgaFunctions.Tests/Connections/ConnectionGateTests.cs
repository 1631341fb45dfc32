using Iga.Connections;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Connections;

/// <summary>No more connections are open than may be, and those that do nothing keep nobody out.</summary>
public sealed class ConnectionGateTests : IAsyncLifetime
{
    private const string Little = "GET /little HTTP/1.1\r\nHost: x\r\n\r\n";

    private readonly FakeTimeProvider _time = new();
    private readonly List<GateReport> _reports = [];
    private readonly GatedServer _server;

    public ConnectionGateTests() => _server = GatedServer.Start(
        new ConnectionGate(2, _time, _reports.Add),
        new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5), Body: null, Answer: null));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(GatedServer.SlowPost)]
    [InlineData(GatedServer.Get)] // its answer is never taken
    public async Task A_request_under_way_keeps_its_place_however_long_it_takes_and_counts(string request)
    {
        using var one = await _server.ConnectAsync(request);
        using var two = await _server.ConnectAsync(request);
        await Eventually.Async(() => _server.UnderWay == 2);
        _time.Advance(TimeSpan.FromHours(1));

        await _server.RefusesAsync();

        Assert.Equal((2, 2), (_server.Gate.Open, _server.UnderWay));
        one.Close(0); // hangs up
        await Eventually.Async(() => _server.Gate.Open == 1);
        await IsAnsweredAsync();
    }

    [Fact]
    public async Task The_one_that_has_been_without_a_request_for_longest_makes_room()
    {
        using var older = await _server.ConnectAsync();
        await Eventually.Async(() => _server.Gate.Open == 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        using var newer = await _server.ConnectAsync(Little);
        await Eventually.Async(() => newer.Available > 0);
        _time.Advance(ConnectionGate.Sparing * 2);

        await IsAnsweredAsync();
        await GatedServer.EndsAsync(older);

        Assert.False(newer.Poll(0, System.Net.Sockets.SelectMode.SelectRead) && newer.Available == 0);
    }

    [Fact]
    public async Task New_ones_are_spared_so_that_a_crowd_does_not_end_its_own()
    {
        using var one = await _server.ConnectAsync();
        using var two = await _server.ConnectAsync();
        await Eventually.Async(() => _server.Gate.Open == 2);

        await _server.RefusesAsync();

        Assert.Equal(2, _server.Gate.Open);
    }

    [Fact]
    public async Task What_was_refused_is_told_once_a_minute_with_its_number()
    {
        using var one = await _server.ConnectAsync();
        using var two = await _server.ConnectAsync();
        await Eventually.Async(() => _server.Gate.Open == 2);
        await RefusedAsync(3);
        Assert.Empty(_reports);

        _time.Advance(ConnectionGate.FirstReport);
        Assert.Equal([new GateReport(2, 3, 0)], _reports);

        _time.Advance(ConnectionGate.Sparing * 2);
        using var three = await _server.ConnectAsync(GatedServer.Get);
        using var four = await _server.ConnectAsync(GatedServer.Get);
        await Eventually.Async(() => _server.UnderWay == 2);
        await RefusedAsync(1);
        _time.Advance(ConnectionGate.ReportPause / 2);
        Assert.Single(_reports);
        _time.Advance(ConnectionGate.ReportPause / 2);
        Assert.Equal([new GateReport(2, 3, 0), new GateReport(2, 1, 2)], _reports);
    }

    private async Task RefusedAsync(int count)
    {
        for (var each = 0; each < count; each++)
        {
            await _server.RefusesAsync();
        }
    }

    private async Task IsAnsweredAsync()
    {
        using var socket = await _server.ConnectAsync(Little);
        await Eventually.Async(() => socket.Available > 0);
    }
}
