using System.Net;
using System.Text.Json.Nodes;
using Iga.Bucket;
using Iga.Faults;

namespace Iga.LocalHost.Doctor;

/// <summary>Asks the bucket what this service may do in it. Nothing is written.</summary>
/// <param name="http">Proves who is calling where the endpoint is Google's.</param>
internal sealed class BucketCheckup(HttpClient http, StorageOptions options)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Storing, looking up and reading, marking as adopted, and deleting what a failed task left.</summary>
    private static readonly string[] Needed =
        ["storage.objects.create", "storage.objects.get", "storage.objects.update", "storage.objects.delete"];

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Bucket is not { } bucket)
        {
            return [Finding.Wrong("bucket", "None is configured: set GCS_BUCKET_NAME. Callers get a 503 until then.")];
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var query = string.Join('&', Needed.Select(permission => $"permissions={permission}"));
            var asked = DateTimeOffset.UtcNow;
            using var response = await http.GetAsync(
                new Uri($"{options.Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/storage/v1/b/{Uri.EscapeDataString(bucket)}/iam/testPermissions?{query}"),
                limit.Token);
            var answered = DateTimeOffset.UtcNow;
            var body = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return
            [
                Judge(bucket, response.StatusCode, body),
                .. response.Headers.Date is { } date ? [ClockCheck.Compare("Cloud Storage", asked, answered, date)] : Array.Empty<Finding>(),
            ];
        }
        catch (FailureException failure)
        {
            return [Finding.Wrong("credentials", failure.Message)];
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [Finding.Wrong(
                "bucket",
                $"Cloud Storage can't be reached at {options.Endpoint.Host}: {(exception is HttpRequestException ? exception.Message : "no answer in time")}. Check the network, the proxy, or STORAGE_EMULATOR_HOST.")];
        }
    }

    private static Finding Judge(string bucket, HttpStatusCode status, byte[] body)
    {
        if (status != HttpStatusCode.OK)
        {
            return Finding.Wrong("bucket", status switch
            {
                HttpStatusCode.NotFound => $"There is no bucket {bucket}: create it, or set GCS_BUCKET_NAME to another one.",
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                    $"Cloud Storage refuses these credentials ({(int)status}): they are of another project, revoked, or the Cloud Storage API is off.",
                _ => $"Cloud Storage answered {(int)status}; ask again later.",
            });
        }

        var granted = (JsonNode.Parse(body)?["permissions"] as JsonArray ?? []).Select(permission => $"{permission}").ToHashSet();
        var missing = Needed.Where(permission => !granted.Contains(permission)).ToArray();
        return missing.Length == 0
            ? Finding.Well("bucket", $"{bucket} can be written to, read and tidied.")
            : Finding.Wrong(
                "bucket",
                $"In {bucket} the service account lacks {string.Join(", ", missing)}: grant it the role Storage Object User (roles/storage.objectUser) there.");
    }
}
