using System.Text;

namespace Iga.LocalHost.Host;

/// <summary>What a person reads when the service is ready: where it is, what it embedded, and what to try.</summary>
internal static class Banner
{
    public static string For(LocalService service)
    {
        var app = service.Configuration.App;
        var embedded = service.Embedded;
        var address = service.Address.ToString().TrimEnd('/');
        var key = app.ApiKeys.AreConfigured ? " -H 'x-functions-key: YOUR-KEY'" : "";

        var text = new StringBuilder();
        text.AppendLine($"IGA is ready on {address}");
        text.AppendLine(embedded.Postgres is { } postgres
            ? $"  PostgreSQL  embedded, data is kept in {postgres.DataDirectory}"
            : "  PostgreSQL  as configured");
        text.AppendLine(embedded.Vertex is { } vertex
            ? $"  Vertex AI   embedded emulator on {vertex.Address}{Whose(vertex)} (pictures are drawn here, nothing is paid)"
            : $"  Vertex AI   {app.Vertex.Endpoint}, project {app.Vertex.ProjectId}, location {app.Vertex.Location}");
        text.AppendLine(embedded.Storage is { } storage
            ? $"  GCS         embedded emulator on {storage.Address}{Whose(storage)}, images are files under {embedded.ImageDirectory}"
            : $"  GCS         {app.Storage.Endpoint}, bucket {app.Storage.Bucket ?? "(none: GCS_BUCKET_NAME is not set, callers get 503)"}");
        text.AppendLine($"Try {address}/ in a browser, or:");
        text.AppendLine($"  curl -i {address}/generate_image -H 'X-Idempotency-Key: demo-1'{key} -H 'Content-Type: application/json' "
            + """-d '{"prompt": "a lighthouse at dawn"}'""");
        text.Append("then the status_url of the answer:");
        text.AppendLine();
        text.Append($"  curl -i {address}/v1/tasks/TASK-ID{key}");
        return text.ToString();
    }

    private static string Whose(SharedEmulator emulator) => emulator.IsOwn ? "" : " of the IGA that runs here already";
}
