using System.Globalization;

namespace Iga.Models.Dialects;

/// <summary>
/// What an error says of itself: <c>{"error": {"code", "message", "status", "details"}}</c>, alone or in a list, with an error
/// status or in an answer that claims to be none.
/// </summary>
/// <param name="Message">Null where there is none: a proxy's HTML page is nothing to quote.</param>
/// <param name="RetryDelay">The delay of <c>google.rpc.RetryInfo</c>, which comes beside a Retry-After or without one.</param>
/// <param name="Reason">The reason of <c>google.rpc.ErrorInfo</c>, such as <c>CONTENT_BLOCKED</c>.</param>
/// <param name="Code">An HTTP status, or a number of <c>google.rpc.Code</c>.</param>
/// <param name="Status">A name of <c>google.rpc.Code</c>, such as <c>RESOURCE_EXHAUSTED</c>.</param>
internal sealed record ErrorReply(
    string? Message, TimeSpan? RetryDelay = null, string? Reason = null, long? Code = null, string? Status = null)
{
    private static readonly ErrorReply Nothing = new((string?)null);

    /// <summary>The HTTP status that the error stands for.</summary>
    public int HttpStatus => Code is >= 400 and <= 599 ? (int)Code.Value : RpcCode.HttpStatusOf(Status) ?? RpcCode.HttpStatusOf(Code) ?? 500;

    /// <summary>Reads the body of an answer with an error status.</summary>
    public static ErrorReply Read(Span<byte> body)
    {
        var json = new LenientJson(body);
        ErrorReply? error = null;
        while (json.NextDocument())
        {
            while (json.NextMember(out var name))
            {
                if (name.Is("error"u8))
                {
                    error = ReadError(ref json) ?? error;
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return error ?? Nothing;
    }

    /// <summary>Reads the value of a member <c>error</c>.</summary>
    /// <returns>Null when it says nothing.</returns>
    public static ErrorReply? ReadError(ref LenientJson json)
    {
        var error = Nothing;
        if (json.IsText())
        {
            error = new(json.Text());
        }
        else
        {
            var errors = json.EntersList();
            while (json.NextObject(ref errors))
            {
                error = ReadMembers(ref json, error);
            }
        }

        return string.IsNullOrEmpty(error.Message) && RpcCode.HttpStatusOf(error.Status) is null && error.Code is null or 0 ? null : error;
    }

    private static ErrorReply ReadMembers(ref LenientJson json, ErrorReply error)
    {
        while (json.NextMember(out var name))
        {
            if (name.Is("code"u8))
            {
                error = error with { Code = json.Number() ?? error.Code };
            }
            else if (name.Is("message"u8))
            {
                error = error with { Message = json.Text() ?? error.Message };
            }
            else if (name.Is("status"u8))
            {
                error = error with { Status = json.Text() ?? error.Status };
            }
            else if (name.Is("details"u8))
            {
                var details = json.EntersList();
                while (json.NextObject(ref details))
                {
                    error = ReadDetail(ref json, error);
                }
            }
            else
            {
                json.Skip();
            }
        }

        return error;
    }

    private static ErrorReply ReadDetail(ref LenientJson json, ErrorReply error)
    {
        while (json.NextMember(out var name))
        {
            if (name.Is("retrydelay"u8))
            {
                error = error with { RetryDelay = Duration(json.Text()) ?? error.RetryDelay };
            }
            else if (name.Is("reason"u8))
            {
                error = error with { Reason = json.Text() ?? error.Reason };
            }
            else
            {
                json.Skip();
            }
        }

        return error;
    }

    // Protobuf's JSON form of a duration: seconds with an "s", such as "12.5s".
    private static TimeSpan? Duration(string? text) =>
        text is [.. var seconds, 's']
        && double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value <= TimeSpan.FromDays(1).TotalSeconds
            ? TimeSpan.FromSeconds(value) : null;
}
