using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Iga.Http;

namespace Iga.GenerateImage;

/// <summary>The body of a request, never more of it than is allowed.</summary>
internal sealed class RequestBody : IDisposable
{
    public const int MaxBytes = 256 * 1024;

    /// <summary>So long a large body may take to come, since few of those may be in memory at once.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private byte[]? _buffer;

    private RequestBody(byte[] buffer, int length) => (_buffer, Length) = (buffer, length);

    /// <summary>Bytes.</summary>
    public int Length { get; }

    /// <param name="time">Bounds how long it may take to come; null leaves that to the server, which cuts off slow senders.</param>
    /// <returns>All of it; the caller disposes it.</returns>
    /// <exception cref="RejectedException">The body is too large, was cut off, or came too slowly.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, TimeProvider? time, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            throw TooLarge();
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? 4096) + 1);
        var isWhole = false;
        using var late = time is null ? null : new CancellationTokenSource(LongestWait, time);
        using var either = late is null ? null : CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var length = 0;
            int read;
            do
            {
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                read = await request.Body.ReadAsync(buffer.AsMemory(length), either?.Token ?? cancellationToken);
                length += read;
                if (length > MaxBytes)
                {
                    throw TooLarge();
                }
            }
            while (read > 0);

            isWhole = true;
            return new RequestBody(buffer, length);
        }
        catch (BadHttpRequestException exception)
        {
            // The connection's own limits: the body was cut off or came too slowly.
            throw RejectedException.BadRequest(ErrorCode.MalformedJson, $"The body could not be read: {exception.Message}");
        }
        catch (OperationCanceledException) when (late is { IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
        {
            request.HttpContext.Response.Headers.Connection = "close"; // the rest of the body is not waited for
            throw RejectedException.BadRequest(
                ErrorCode.MalformedJson, $"The body could not be read: it did not come within {LongestWait.TotalSeconds:0} s.");
        }
        finally
        {
            if (!isWhole)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>The members of a JSON object; the caller disposes them.</returns>
    /// <exception cref="RejectedException">The body is no JSON, no object, has a member twice, or too many of them.</exception>
    public BodyMembers Parse()
    {
        ReadOnlySpan<byte> body = _buffer.AsSpan(0, Length);
        if (body.StartsWith(ByteOrderMark))
        {
            body = body[ByteOrderMark.Length..];
        }

        if (!Utf8.IsValid(body))
        {
            throw RejectedException.BadRequest(ErrorCode.MalformedJson, "The body is not valid JSON: it is not UTF-8.");
        }

        if (body.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw RejectedException.BadRequest(
                ErrorCode.InvalidPayload, "The body is empty; it must be a JSON object with a prompt.");
        }

        try
        {
            // One level more than is allowed, so that it is told as what it is.
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = BodyMembers.DeepestNesting + 1 });
            reader.Read();
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            var found = Describe(reader.TokenType);
            var members = isObject ? BodyMembers.Read(ref reader, body) : null;
            BodyMembers.SkipValue(ref reader);
            if (body[(int)reader.BytesConsumed..].IndexOfAnyExcept(" \t\r\n"u8) >= 0)
            {
                members?.Dispose();
                throw RejectedException.BadRequest(
                    ErrorCode.MalformedJson,
                    $"The body is not valid JSON: something follows the value that ends at byte {reader.BytesConsumed}.");
            }

            return members ?? throw RejectedException.BadRequest(
                ErrorCode.InvalidPayload, $"The body is {found}; it must be a JSON object with a prompt.");
        }
        catch (JsonException exception)
        {
            throw RejectedException.BadRequest(
                ErrorCode.MalformedJson,
                $"The body is not valid JSON: error in line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
    }

    /// <summary>What a value is, in a user's words.</summary>
    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };

    private static RejectedException TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge, ErrorCode.PayloadTooLarge, $"The body is larger than {MaxBytes} bytes.");
}
