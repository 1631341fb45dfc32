using System.Diagnostics;
using Iga.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Iga.LocalHost.Functions.Http;

/// <summary>
/// Logs what Kestrel refuses by itself, before anything else sees it: what is no HTTP, or has headers that are too large. What it was
/// is not told, since an address may hold a key.
/// </summary>
internal sealed class UnreadableRequests(RefusedStrangers strangers) : IObserver<KeyValuePair<string, object?>>
{
    private const string Refused = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Listens for as long as the server lives.</summary>
    public static void Observe(IServiceProvider services) => services.GetRequiredService<DiagnosticListener>().Subscribe(
        new UnreadableRequests(services.GetRequiredService<RefusedStrangers>()), static name => name == Refused);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IFeatureCollection features
            && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException refused)
        {
            strangers.Note(refused.StatusCode, ErrorCode.BadRequest, null, "The request could not be read as HTTP.");
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
