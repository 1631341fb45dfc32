using System.Net;
using Iga.LocalHost.Functions.Http;
using Iga.Telemetry;
using Iga.Tests.Durable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Callers;

/// <summary>What the service notes of who sends wrong keys.</summary>
public sealed class WrongKeysTests : IDisposable
{
    private const string Address = "203.0.113.7";

    private readonly FakeTimeProvider _time = new();
    private readonly LogCapture _log = new();
    private readonly ServiceProvider _services;
    private readonly WrongKeys _wrong;

    public WrongKeysTests()
    {
        _services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddProvider(_log))
            .AddSingleton<TimeProvider>(_time).AddSingleton<IgaMetrics>().AddSingleton<WrongKeys>().BuildServiceProvider();
        _wrong = _services.GetRequiredService<WrongKeys>();
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Answers_to_an_address_get_slower_up_to_a_bound_and_those_to_others_do_not()
    {
        var delays = Note(Address, 19);

        Assert.All(delays[..10], delay => Assert.Equal(0, delay));
        Assert.Equal([100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000], delays[10..]);
        Assert.Equal([0], Note("203.0.113.8", 1));
    }

    [Fact]
    public void An_address_that_was_quiet_for_long_enough_begins_anew()
    {
        Note(Address, 15);
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal([2000], Note(Address, 1));
        _time.Advance(TimeSpan.FromMinutes(12));
        Assert.Equal([0], Note(Address, 1));
    }

    [Fact]
    public void An_address_has_one_warning_a_minute_with_how_many_there_were_and_the_metric_counts_each()
    {
        Note(Address, 500);
        Assert.Equal([$"1 requests from {Address} had no valid API key"], Warnings());

        _time.Advance(TimeSpan.FromMinutes(1));
        Note(Address, 10);
        _time.Advance(TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(
            [$"1 requests from {Address} had no valid API key", $"499 requests from {Address} had no valid API key",
                $"10 requests from {Address} had no valid API key"],
            Warnings());
        Assert.Equal(510, Counted());
    }

    [Fact]
    public void Many_addresses_cost_a_bounded_number_of_warnings_and_a_bounded_memory()
    {
        Note(Address, 20);
        for (var number = 0; number < WrongKeys.MostSenders; number++)
        {
            Note($"number {number}", 2);
        }

        Assert.Equal(WrongKeys.MostWarnings, Warnings().Count);

        // The one that was quiet the longest is forgotten; the others are not.
        Assert.Equal([0], Note(Address, 1));
        Assert.Equal([100], Note($"number {WrongKeys.MostSenders - 1}", 9)[8..]);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2 * WrongKeys.MostWarnings, Warnings().Count);
        Assert.Equal(20 + (2 * WrongKeys.MostSenders) + 1 + 9, Counted());
    }

    [Fact]
    public void What_a_stop_interrupts_is_told_first()
    {
        Note(Address, 7);
        _services.Dispose();
        Assert.Equal([$"1 requests from {Address} had no valid API key", $"6 requests from {Address} had no valid API key"], Warnings());
        Assert.Equal(7, Counted());
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    [InlineData(null, "an unknown address")]
    public void A_network_of_version_6_counts_as_one_sender(string? address, string block) =>
        Assert.Equal(block, AddressBlock.Of(address is null ? null : IPAddress.Parse(address)));

    private int[] Note(string address, int times) =>
        [.. Enumerable.Range(0, times).Select(_ => (int)_wrong.Note(address).TotalMilliseconds)];

    private List<string> Warnings() =>
        [.. _log.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Message.Trim())];

    private long Counted() => _log.Entries.Where(entry => entry.Message.StartsWith("iga_wrong_key_count ", StringComparison.Ordinal))
        .Sum(entry => long.Parse(entry.Message.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
}
