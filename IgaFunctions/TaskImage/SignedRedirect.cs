using Iga.Http;

namespace Iga.TaskImage;

/// <summary>Sends the caller to a signed address, which is for nobody else: it is not kept, not logged, and not told to the next page.</summary>
internal sealed class SignedRedirect(Uri url) : IResult
{
    public Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        Respond.KeepToTheCaller(response.Headers);
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.Location = url.AbsoluteUri;
        response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
