using Iga.Bucket;
using Iga.Http;
using Microsoft.Net.Http.Headers;

namespace Iga.TaskImage;

/// <summary>
/// Sends a picture, or what of it was asked for, as it comes from the bucket. An answer that breaks off in its middle ends the connection:
/// nobody may take a part for the whole.
/// </summary>
/// <param name="place">Left when the answer is sent.</param>
internal sealed class PictureAnswer(
    StoredPictures pictures, StoredPicture picture, IDisposable place, ILogger logger) : IResult
{
    /// <summary>A picture of a task never changes; it is for who may ask for it, and no proxy's.</summary>
    private const string KeepForAYear = "private, max-age=31536000, immutable";

    public async Task ExecuteAsync(HttpContext context)
    {
        using var _ = place;
        var response = context.Response;
        WriteHeaders(response.Headers);
        if (!context.Request.Headers.Range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            context.Request.Headers.Remove(HeaderNames.Range); // ASP.NET Core takes every unit for bytes
        }

        try
        {
            await Results.Stream(
                new PictureStream(pictures, picture, response), picture.ContentType, lastModified: picture.Created,
                entityTag: EntityTagHeaderValue.Parse(picture.ETag), enableRangeProcessing: true).ExecuteAsync(context);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            await FailAsync(context, exception);
            return;
        }

        await ExplainAsync(context);
    }

    /// <summary>Whatever the bytes are, a browser runs nothing of them, and shows them to no page of another origin.</summary>
    private void WriteHeaders(IHeaderDictionary headers)
    {
        headers.CacheControl = KeepForAYear;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentDisposition = picture.ContentDisposition;
    }

    private Task FailAsync(HttpContext context, Exception exception)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            logger.LogWarning(exception, "The answer with a picture broke off");
            context.Abort();
            return Task.CompletedTask;
        }

        response.Clear();
        var refusal = exception is PictureGoneException ? PictureRefusal.Gone() : PictureRefusal.Unreadable(exception, logger);
        return refusal.ToResult(response).ExecuteAsync(context);
    }

    /// <summary>Two of the answers without a picture are errors, and say so like all others.</summary>
    private static Task ExplainAsync(HttpContext context)
    {
        var response = context.Response;
        var error = response.StatusCode switch
        {
            StatusCodes.Status416RangeNotSatisfiable => PictureRefusal.OutOfRange(),
            StatusCodes.Status412PreconditionFailed => PictureRefusal.OtherVersion(),
            _ => null,
        };
        if (error is null || response.HasStarted)
        {
            return Task.CompletedTask;
        }

        response.Headers.ContentDisposition = default;
        return error.ToResult(response).ExecuteAsync(context);
    }
}
