using Iga.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Iga.LocalHost.Functions.Http;

/// <summary>Refuses requests that are addressed to a host which is not ours, before anything else is looked at.</summary>
internal sealed class HostCheck(RequestDelegate next, AllowedHosts hosts)
{
    public Task InvokeAsync(HttpContext context) =>
        hosts.Contains(HostOf(context)) ? next(context) : RefuseAsync(context);

    // Old clients send no Host, which no browser does. Then the target may still name one.
    private static string HostOf(HttpContext context) => context.Request.Headers.Host is [{ Length: > 0 } host] ? host
        : Uri.TryCreate(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, UriKind.Absolute, out var target)
            && target.Scheme is "http" or "https" ? target.Authority
        : "";

    private static Task RefuseAsync(HttpContext context) => ErrorAnswers.WriteAsync(
        context, StatusCodes.Status421MisdirectedRequest, ErrorCode.WrongHost,
        "Header Host names a host that this service does not answer for; IGA_ALLOWED_HOSTS lists the names that it is reached by.",
        "Host");
}
