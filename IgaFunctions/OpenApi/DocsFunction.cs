using Iga.Http;

namespace Iga.OpenApi;

/// <summary>GET /docs: a page on which the routes can be read and tried, and the files that it loads. Needs no key.</summary>
public sealed class DocsFunction
{
    [Function("docs")]
    public static IResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs")] HttpRequest request) =>
        Answer(request, DocsFiles.Page);

    [Function("docs_file")]
    public static IResult File(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs/{file}")] HttpRequest request, string file) =>
        Answer(request, file);

    private static IResult Answer(HttpRequest request, string name) => DocsFiles.Answer(request, name)
        ?? Respond.Error(
            request.HttpContext.Response, StatusCodes.Status404NotFound, ErrorCode.NotFound, "The page of the docs has no file of this name.");
}
