using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Iga.Telemetry;

/// <summary>
/// A log line as one JSON object with the fields that all services of the system share. Fields come from the message's own
/// arguments first, then from the innermost scope that has them.
/// </summary>
internal sealed class JsonLine
{
    private const string ServiceName = "iga";

    /// <summary>Bytes. A line that was longer doesn't keep its memory.</summary>
    private const int Usual = 16 * 1024;

    private static readonly string[] Names =
    [
        LogField.TaskId, LogField.WorkflowId, LogField.IdempotencyKey, LogField.MetricName, LogField.Value, LogField.PromptPreview,
        LogField.Tags, LogField.ErrorCode, LogField.Field, LogField.Caller,
    ];

    /// <summary>How many of the names every line has; of the others, those that have a value.</summary>
    private const int AlwaysPresent = 3;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static JsonLine? _spare;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly object?[] _values = new object?[Names.Length];

    /// <summary>Formats a line and hands it on, with its line feed.</summary>
    public static void Write(
        LineOutput output, DateTimeOffset now, LogLevel level, string category, string message, object? state, Exception? exception,
        IExternalScopeProvider scopes)
    {
        // What is logged while a line is being written gets a line of its own.
        var line = _spare ?? new JsonLine();
        _spare = null;
        line._buffer.ResetWrittenCount();
        Array.Clear(line._values);
        scopes.ForEachScope(static (scope, line) => line.Collect(scope), line);
        line.Collect(state);
        line.Write(now, level, category, message, exception);
        output.Add(line._buffer.WrittenSpan);
        if (line._buffer.Capacity <= Usual)
        {
            _spare = line;
        }
    }

    private void Write(DateTimeOffset now, LogLevel level, string category, string message, Exception? exception)
    {
        using var writer = new Utf8JsonWriter(_buffer, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("timestamp", now.UtcDateTime);
        writer.WriteString("level", Name(level));
        writer.WriteString("logger_name", category);
        writer.WriteString("service_name", ServiceName);
        writer.WriteString("message", message);
        for (var index = 0; index < Names.Length; index++)
        {
            if (index < AlwaysPresent || _values[index] is not null)
            {
                Write(writer, Names[index], _values[index]);
            }
        }

        if (exception is not null)
        {
            writer.WriteString("exception", exception.ToString());
        }

        writer.WriteEndObject();
        writer.Flush();
        _buffer.Write("\n"u8);
    }

    private void Collect(object? state)
    {
        switch (state)
        {
            case IReadOnlyList<KeyValuePair<string, object?>> list:
                for (var index = 0; index < list.Count; index++)
                {
                    Collect(list[index]);
                }

                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                foreach (var pair in pairs)
                {
                    Collect(pair);
                }

                break;
        }
    }

    private void Collect(KeyValuePair<string, object?> pair)
    {
        if (Names.IndexOf(pair.Key) is >= 0 and var index)
        {
            _values[index] = pair.Value;
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
            case long number:
                writer.WriteNumber(name, number);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case Guid id:
                writer.WriteString(name, id);
                break;
            case KeyValuePair<string, object?>[] tags:
                writer.WriteStartObject(name);
                foreach ((var tag, var its) in tags)
                {
                    Write(writer, tag, its);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteString(name, value.ToString());
                break;
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        _ => "CRITICAL",
    };
}
