using System.Collections.Concurrent;
using System.Text.Json;
using Iga.GenerateImage;
using Iga.Telemetry;
using Iga.Tests.Architecture;
using Iga.Workflow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.AzureHost;

/// <summary>Under the Functions host, which takes a worker's log and its stdout, each line is told once.</summary>
public sealed class LoggingTests
{
    [Fact]
    public void The_apps_lines_go_to_stdout_alone_and_others_warnings_to_the_host_alone()
    {
        using var stdout = new MemoryStream();
        using var host = new HostChannel();
        using (var loggers = LoggerFactory.Create(logging =>
        {
            logging.Services.AddSingleton(TimeProvider.System);
            logging.AddProvider(host);
            logging.AddJsonLinesUnderFunctionsHost(stdout);
        }))
        {
            loggers.CreateLogger<GenerateImageFunction>().LogInformation("accepted");
            loggers.CreateLogger(typeof(ImageWorkflow).FullName!).LogError("failed");
            loggers.CreateLogger("Npgsql.Command").LogInformation("select 1");
            loggers.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").LogInformation("GET /health?code=secret");
            loggers.CreateLogger("Npgsql.Connection").LogWarning("the connection is broken");
            loggers.CreateLogger("Microsoft.DurableTask").LogError("the hub is away");
        }

        var lines = System.Text.Encoding.UTF8.GetString(stdout.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["accepted", "failed"], lines.Select(line => JsonElement.Parse(line).GetProperty("message").GetString()));
        Assert.Equal(["the connection is broken", "the hub is away"], host.Messages);
    }

    [Fact]
    public void Every_logger_of_the_app_is_named_by_its_type_so_that_the_filters_know_it() => Assert.All(
        Sources.Of("IgaFunctions"),
        file => Assert.DoesNotContain("Logger(nameof(", File.ReadAllText(file), StringComparison.Ordinal));

    [Fact]
    public void The_host_passes_stdout_on_and_does_not_tell_the_beginning_and_end_of_each_function()
    {
        using var hostJson = JsonDocument.Parse(BuiltHost.Read("host.json"));
        var levels = hostJson.RootElement.GetProperty("logging").GetProperty("logLevel");

        Assert.Equal("Information", levels.GetProperty("Host.Function.Console").GetString());
        Assert.Equal("Warning", levels.GetProperty("Function").GetString());
    }

    /// <summary>Stands for the channel on which a worker's log goes to the host.</summary>
    private sealed class HostChannel : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
