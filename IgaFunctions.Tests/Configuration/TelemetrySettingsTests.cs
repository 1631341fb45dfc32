using Iga.Configuration;
using Iga.Telemetry;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Configuration;

public sealed class TelemetrySettingsTests
{
    [Theory]
    [InlineData(null, null, 1)]
    [InlineData("always_on", "0.5", 1)]
    [InlineData("parentbased_always_off", null, 0)]
    [InlineData("traceidratio", "0.25", 0.25)]
    [InlineData("parentbased_traceidratio", "1e-3", 0.001)]
    [InlineData("traceidratio", null, 1)]
    public void OpenTelemetrys_samplers_are_understood(string? sampler, string? argument, double share)
    {
        var (options, settings) = Read(("OTEL_TRACES_SAMPLER", sampler), ("OTEL_TRACES_SAMPLER_ARG", argument));

        settings.ThrowIfInvalid();
        Assert.Equal(share, options.TracedShare);
    }

    [Theory]
    [InlineData("OTEL_TRACES_SAMPLER", "sometimes", "always_on")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "1.5", "from 0 to 1")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "NaN", "from 0 to 1")]
    [InlineData("OTEL_TRACES_EXPORTER", "zipkin", "otlp or none")]
    [InlineData("OTEL_METRICS_EXPORTER", "prometheus", "otlp or none")]
    public void A_value_that_is_wrong_is_told_with_what_is_possible(string name, string value, string possible)
    {
        var sampler = name == "OTEL_TRACES_SAMPLER_ARG" ? ("OTEL_TRACES_SAMPLER", "traceidratio") : ("unused", (string?)null);
        var (_, settings) = Read((name, value), sampler);

        var error = Assert.Single(Assert.Throws<ConfigurationException>(settings.ThrowIfInvalid).Errors);
        Assert.Contains($"{name} is '{value}'", error, StringComparison.Ordinal);
        Assert.Contains(possible, error, StringComparison.Ordinal);
    }

    private static (TelemetryOptions Options, Settings Settings) Read(params (string Name, string? Value)[] variables)
    {
        var settings = new Settings(new ConfigurationBuilder()
            .AddInMemoryCollection(variables.ToDictionary(variable => variable.Name, variable => variable.Value)).Build());
        return (TelemetrySettings.Read(settings), settings);
    }
}
