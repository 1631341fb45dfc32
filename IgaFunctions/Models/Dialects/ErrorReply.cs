using System.Globalization;
using System.Text.Json;
using static Iga.Models.Dialects.JsonWalk;

namespace Iga.Models.Dialects;

/// <summary>What an answer with an error status says of itself: <c>{"error": {"message", "details"}}</c>.</summary>
/// <param name="Message">Null where the body is not such JSON; a proxy's HTML page is nothing to quote.</param>
/// <param name="RetryDelay">The delay of <c>google.rpc.RetryInfo</c>, which comes beside a Retry-After or without one.</param>
internal sealed record ErrorReply(string? Message, TimeSpan? RetryDelay)
{
    public static ErrorReply Read(ReadOnlySpan<byte> body)
    {
        string? message = null;
        TimeSpan? delay = null;
        try
        {
            var reader = new Utf8JsonReader(body);
            if (EntersObject(ref reader))
            {
                while (NextProperty(ref reader))
                {
                    if (!reader.ValueTextEquals("error"u8))
                    {
                        reader.Skip();
                    }
                    else if (EntersObject(ref reader))
                    {
                        ReadError(ref reader, ref message, ref delay);
                    }
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What was read before the body broke off is good enough for a message.
        }

        return new(message, delay);
    }

    private static void ReadError(ref Utf8JsonReader reader, ref string? message, ref TimeSpan? delay)
    {
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("message"u8))
            {
                message = Text(ref reader);
            }
            else if (!reader.ValueTextEquals("details"u8))
            {
                reader.Skip();
            }
            else if (EntersArray(ref reader))
            {
                while (NextObject(ref reader))
                {
                    ReadDetail(ref reader, ref delay);
                }
            }
        }
    }

    private static void ReadDetail(ref Utf8JsonReader reader, ref TimeSpan? delay)
    {
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("retryDelay"u8))
            {
                delay = Duration(Text(ref reader)) ?? delay;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // Protobuf's JSON form of a duration: seconds with an "s", such as "12.5s".
    private static TimeSpan? Duration(string? text) =>
        text is [.. var seconds, 's']
        && double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value <= TimeSpan.FromDays(1).TotalSeconds
            ? TimeSpan.FromSeconds(value) : null;
}
