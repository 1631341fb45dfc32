using System.Text.Json;

namespace Iga.Http;

/// <summary>What every request is checked for that changes something and has nothing to say beyond its path.</summary>
internal static class ChangeRequest
{
    /// <summary>Bytes. There is nothing to be said in it but <c>{}</c>.</summary>
    private const int LargestBody = 1024;

    /// <summary>Refuses pages of others, bodies of another type than JSON, and bodies that say something.</summary>
    /// <exception cref="RejectedException">The request is refused.</exception>
    public static async Task CheckAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ForeignPages.Refuse(request);
        RequestMediaType.Check(request);
        var body = new byte[LargestBody + 1];
        var length = await ReadAsync(request, body, cancellationToken);
        if (length > LargestBody)
        {
            throw new RejectedException(
                StatusCodes.Status413PayloadTooLarge, ErrorCode.PayloadTooLarge,
                $"The body is larger than {LargestBody} bytes; this request has none, or {{}}.");
        }

        if (body.AsSpan(0, length).IndexOfAnyExcept(" \t\r\n"u8) >= 0 && !IsEmptyObject(body.AsMemory(0, length)))
        {
            throw RejectedException.BadRequest(
                ErrorCode.InvalidPayload, "The body says something, and this request takes nothing; send none, or {}.");
        }
    }

    private static async Task<int> ReadAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            return await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (BadHttpRequestException exception)
        {
            throw RejectedException.BadRequest(ErrorCode.MalformedJson, $"The body could not be read: {exception.Message}");
        }
    }

    private static bool IsEmptyObject(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && !json.RootElement.EnumerateObject().Any();
        }
        catch (JsonException exception)
        {
            throw RejectedException.BadRequest(
                ErrorCode.MalformedJson,
                $"The body is not valid JSON: error in line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
    }
}
