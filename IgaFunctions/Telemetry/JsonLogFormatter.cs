using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Iga.Telemetry;

/// <summary>
/// Writes a log line as one JSON object with the fields that all services of the system share. Fields come from the
/// message's own arguments first, then from the innermost scope that has them.
/// </summary>
public sealed class JsonLogFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "iga";

    private const string ServiceName = "iga";

    private static readonly string[] AlwaysPresent = [LogField.TaskId, LogField.WorkflowId, LogField.IdempotencyKey];

    private static readonly string[] WhenGiven = [LogField.MetricName, LogField.Value, LogField.PromptPreview];

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("timestamp", time.GetUtcNow().UtcDateTime);
            writer.WriteString("level", Level(logEntry.LogLevel));
            writer.WriteString("logger_name", logEntry.Category);
            writer.WriteString("service_name", ServiceName);
            writer.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            WriteFields(writer, logEntry.State as IEnumerable<KeyValuePair<string, object?>> ?? [], scopeProvider);
            if (logEntry.Exception is { } exception)
            {
                writer.WriteString("exception", exception.ToString());
            }

            writer.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteFields(
        Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> state, IExternalScopeProvider? scopes)
    {
        var fields = new Dictionary<string, object?>();
        scopes?.ForEachScope(
            static (scope, fields) => Collect(scope as IEnumerable<KeyValuePair<string, object?>>, fields), fields);
        Collect(state, fields);

        foreach (var name in AlwaysPresent)
        {
            Write(writer, name, fields.GetValueOrDefault(name));
        }

        foreach (var name in WhenGiven)
        {
            if (fields.GetValueOrDefault(name) is { } value)
            {
                Write(writer, name, value);
            }
        }
    }

    private static void Collect(IEnumerable<KeyValuePair<string, object?>>? pairs, Dictionary<string, object?> fields)
    {
        foreach ((var name, var value) in pairs ?? [])
        {
            fields[name] = value;
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull(name);
                break;
            case double number:
                writer.WriteNumber(name, number);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            default:
                writer.WriteString(name, value.ToString());
                break;
        }
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        _ => "CRITICAL",
    };
}
