using Iga.Http;
using Microsoft.Extensions.Primitives;

namespace Iga.GenerateImage;

/// <summary>The two headers of a request, checked.</summary>
internal sealed record RequestHeaders(string IdempotencyKey, string? WorkflowId)
{
    public const string IdempotencyKeyName = "X-Idempotency-Key";
    public const string WorkflowIdName = "X-Workflow-ID";

    private const int MaxLength = 255;

    /// <exception cref="RejectedException">A header is missing or wrong.</exception>
    public static RequestHeaders Read(IHeaderDictionary headers)
    {
        var key = Single(headers[IdempotencyKeyName], IdempotencyKeyName, ErrorCode.InvalidIdempotencyKey)
            ?? throw RejectedException.BadRequest(
                ErrorCode.MissingIdempotencyKey, $"Header {IdempotencyKeyName} is required, and it is missing or blank.");
        return new RequestHeaders(
            key, Single(headers[WorkflowIdName], WorkflowIdName, ErrorCode.InvalidWorkflowId));
    }

    private static string? Single(StringValues values, string name, string errorCode)
    {
        string[] distinct = [.. values.Select(value => value?.Trim() ?? "").Distinct()];
        switch (distinct)
        {
            case [] or [""]:
                return null;
            case [var value] when value.Length > MaxLength:
                throw RejectedException.BadRequest(
                    errorCode, $"Header {name} is {value.Length} characters long; at most {MaxLength} are allowed.");
            case [var value] when value.Any(character => character is < ' ' or > '~'):
                throw RejectedException.BadRequest(
                    errorCode, $"Header {name} holds a character that is not printable ASCII.");
            case [var value]:
                return value;
            default:
                throw RejectedException.BadRequest(errorCode, $"Header {name} is given more than once, with different values.");
        }
    }
}
