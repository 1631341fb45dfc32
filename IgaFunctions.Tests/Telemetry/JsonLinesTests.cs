using System.Text;
using System.Text.Json;
using Iga.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Telemetry;

public sealed class JsonLinesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, 250, TimeSpan.Zero);

    [Fact]
    public void A_line_without_a_task_has_all_common_fields()
    {
        var line = Assert.Single(Lines(logger => logger.LogInformation("Ready after {seconds} s", 3)));

        Assert.Equal(
            """{"timestamp":"2026-05-04T03:02:01.25Z","level":"INFO","logger_name":"Some.Category","service_name":"iga","message":"Ready after 3 s","task_id":null,"workflow_id":null,"idempotency_key":null}""",
            line.GetRawText());
    }

    [Fact]
    public void A_message_s_own_arguments_come_before_those_of_the_innermost_scope_that_has_them()
    {
        var id = Guid.NewGuid();
        var line = Assert.Single(Lines(logger =>
        {
            using (logger.BeginScope(Scope(("task_id", Guid.NewGuid()), ("workflow_id", "outer"), ("idempotency_key", "outer"))))
            using (logger.BeginScope("a scope of words"))
            using (logger.BeginScope(Scope(("task_id", id), ("workflow_id", "inner"))))
            {
                logger.LogWarning("It is {workflow_id}", "its own");
            }
        }));

        Assert.Equal("WARNING", line.GetProperty("level").GetString());
        Assert.Equal(id, line.GetProperty("task_id").GetGuid());
        Assert.Equal("its own", line.GetProperty("workflow_id").GetString());
        Assert.Equal("outer", line.GetProperty("idempotency_key").GetString());
    }

    [Fact]
    public void A_line_shows_all_that_it_holds_and_stays_one()
    {
        const string unseen = "a\u202Eb\u2066c\u200Fd\u2028e\u2029f\u0085g\r\n\u001B[0m\uDB40\uDC41h";
        var line = Assert.Single(Lines(logger =>
        {
            using (logger.BeginScope(Scope(("workflow_id", unseen))))
            {
                logger.LogInformation("{text} {prompt_preview}", unseen, unseen + "👍🏽");
            }
        }));

        Assert.Equal("a�b�c�d�e�f\u0085g\r\n\u001B[0m�h👍🏽", line.GetProperty("prompt_preview").GetString());
        Assert.Equal(line.GetProperty("prompt_preview").GetString()!.Replace("👍🏽", "", StringComparison.Ordinal), line.GetProperty("workflow_id").GetString());
        Assert.DoesNotContain('\u202E', line.GetRawText());
        Assert.DoesNotContain('\u001B', line.GetRawText());
        Assert.DoesNotContain('\u0085', line.GetRawText());
    }

    [Fact]
    public void An_exception_is_written_without_keys_and_in_bounds()
    {
        var line = Assert.Single(Lines(logger => logger.LogError(
            new InvalidOperationException($"sent Bearer ya29.abc-def to db-1:5432\u202E {new string('x', 100_000)}"), "It failed")));

        var said = line.GetProperty("exception").GetString()!;
        Assert.StartsWith("System.InvalidOperationException: sent [secret] to db-1:5432� xxx", said, StringComparison.Ordinal);
        Assert.InRange(said.Length, 1_000, 64 * 1024 + 1);
    }

    [Fact]
    public void A_measurement_has_its_name_and_a_number_and_the_next_line_has_neither()
    {
        var lines = Lines(logger =>
        {
            logger.LogInformation("{metric_name} {value}", "some_ms", 12.5);
            logger.LogInformation("{metric_name} {value}", "some_count", 1);
            logger.LogInformation("{prompt_preview}", "a »picture«\n");
        });

        Assert.Equal("some_ms", lines[0].GetProperty("metric_name").GetString());
        Assert.Equal(12.5, lines[0].GetProperty("value").GetDouble());
        Assert.Equal(1, lines[1].GetProperty("value").GetInt32());
        Assert.Equal("a »picture«\n", lines[2].GetProperty("prompt_preview").GetString());
        Assert.False(lines[2].TryGetProperty("metric_name", out _));
        Assert.False(lines[2].TryGetProperty("value", out _));
    }

    [Fact]
    public void An_exception_stays_on_its_line_and_a_long_one_has_its_beginning_and_its_end()
    {
        var lines = Lines(logger =>
        {
            logger.LogError(new InvalidOperationException(new string('x', 100_000) + "\nend"), "It failed");
            logger.LogCritical("It goes on");
        });

        Assert.EndsWith("x\nend", lines[0].GetProperty("exception").GetString(), StringComparison.Ordinal);
        Assert.Equal("CRITICAL", lines[1].GetProperty("level").GetString());
        Assert.False(lines[1].TryGetProperty("exception", out _));
    }

    [Fact]
    public void What_is_logged_while_a_line_is_written_has_a_line_of_its_own()
    {
        var lines = Lines(logger =>
        {
            logger.LogInformation("before");
            using (logger.BeginScope(Scope(("workflow_id", new Talkative(logger)))))
            {
                logger.LogInformation("outer");
            }
        });

        Assert.Equal(["before", "inner", "outer"], lines.Select(line => line.GetProperty("message").GetString()!).Order());
        Assert.Equal("talked", lines.Single(line => line.GetProperty("message").ValueEquals("outer")).GetProperty("workflow_id").GetString());
    }

    private static JsonElement[] Lines(Action<ILogger> log)
    {
        var stream = new MemoryStream();
        using (var provider = new JsonLinesProvider(new FakeTimeProvider(Now), stream))
        using (var factory = LoggerFactory.Create(logging => logging.AddProvider(provider)))
        {
            log(factory.CreateLogger("Some.Category"));
        }

        return [.. Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonElement.Parse(line))];
    }

    private static Dictionary<string, object?> Scope(params (string Name, object Value)[] pairs) =>
        pairs.ToDictionary(pair => pair.Name, pair => (object?)pair.Value);

    /// <summary>A value that logs once, when it is asked for its words.</summary>
    private sealed class Talkative(ILogger logger)
    {
        private bool _hasTalked;

        public override string ToString()
        {
            if (!_hasTalked)
            {
                _hasTalked = true;
                logger.LogInformation("inner");
            }

            return "talked";
        }
    }
}
