using Iga.Http;

namespace Iga.Page;

/// <summary>
/// GET /, the page on which people see tasks and start them, and GET /assets/{file}, what it is made of. Neither needs a key: they are
/// the same for everybody, and what the page shows it asks of the API, with the key of who looks.
/// </summary>
public sealed class PageFunction
{
    /// <summary>
    /// The root. Azure's host takes an empty route for the function's name, and its worker can't parse one of a single slash; an optional
    /// part that may have no characters is what both, and the local host, take for nothing.
    /// </summary>
    internal const string Root = "{root:maxlength(0)?}";

    [Function("page")]
    public static IResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Root)] HttpRequest request) =>
        Answer(request, PageAssets.PageName);

    [Function("page_asset")]
    public static IResult Asset(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "assets/{file}")] HttpRequest request, string file) =>
        Answer(request, file);

    private static IResult Answer(HttpRequest request, string name) => PageAssets.Answer(request.HttpContext.Response, name)
        ?? Respond.Error(
            request.HttpContext.Response, StatusCodes.Status404NotFound, ErrorCode.NotFound, $"There is nothing at {request.Path}.");
}
