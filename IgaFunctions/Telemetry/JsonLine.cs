using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Iga.Faults;

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
        LogField.Tags, LogField.ErrorCode, LogField.Field, LogField.Caller, LogField.TraceId,
    ];

    /// <summary>How many of the names every line has; of the others, those that have a value.</summary>
    private const int AlwaysPresent = 3;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Characters that nobody sees and that change how the others are read: marks and overrides of direction. The encoder writes them as
    /// they are; of tags, which lie beyond 16 bits, it is the first half that is looked for.
    /// </summary>
    private static readonly SearchValues<char> Unseen = SearchValues.Create(
        "\u00AD\u061C\u180E\u200B\u200E\u200F\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2060\u2066\u2067\u2068\u2069\uFEFF\uDB40");

    /// <summary>Characters of an exception, its stack included; of a longer one the beginning and the end are written.</summary>
    private const int LongestException = 64 * 1024;

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
        writer.WriteString("message", Seen(message));
        for (var index = 0; index < Names.Length; index++)
        {
            if (index < AlwaysPresent || _values[index] is not null)
            {
                Write(writer, Names[index], _values[index]);
            }
        }

        if (exception is not null)
        {
            writer.WriteString("exception", Text(exception));
        }

        writer.WriteEndObject();
        writer.Flush();
        _buffer.Write("\n"u8);
    }

    /// <summary>An exception may quote another service's answer, and what that was sent. Names of hosts stay: logs are the operator's.</summary>
    private static string Text(Exception exception)
    {
        var text = exception.ToString();
        return Seen(Confidential.HideSecrets(text.Length <= LongestException
            ? text : $"{text.AsSpan(0, LongestException / 2)}…{text.AsSpan(text.Length - (LongestException / 2))}"));
    }

    private static string Seen(string text)
    {
        if (!text.AsSpan().ContainsAny(Unseen))
        {
            return text;
        }

        var seen = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var isUnseen = rune.IsBmp ? Unseen.Contains((char)rune.Value) : rune.Value is >= 0xE0000 and <= 0xE0FFF;
            seen.Append(isUnseen ? Rune.ReplacementChar : rune);
        }

        return seen.ToString();
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
                writer.WriteString(name, Seen(value.ToString() ?? ""));
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
