using System.Text;
using System.Text.Json;
using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Cloud.AIPlatform.V1;
using Google.Protobuf;
using Grpc.Core;
using Iga.Models;

namespace Iga.GoogleCloud.AIPlatform;

/// <summary>
/// Vertex AI over Google's client. The dialects' JSON is turned into the client's messages and back, so that requests and
/// replies are built and read in one place for both hosts.
/// </summary>
internal sealed class ClientVertexTransport(PredictionServiceClient client, VertexOptions options) : IVertexTransport
{
    /// <summary>The largest answer that is accepted, in bytes: a 4K picture as PNG, with room to spare.</summary>
    internal const int MaxReply = 36 << 20;

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(false));

    public async Task<VertexReply> PostAsync(
        string modelId, string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var model = $"projects/{options.ProjectId}/locations/{options.Location}/publishers/google/models/{modelId}";
        var body = Encoding.UTF8.GetString(json.Span);

        // Retries and the timeout an attempt are the pipeline's; the client's own timeout of a predict call is 5 s.
        var settings = CallSettings.FromCancellationToken(cancellationToken).WithRetry(null!).WithExpiration(Expiration.None);
        try
        {
            var answer = await SendAsync(model, method, body, settings);
            return answer.CalculateSize() > MaxReply
                ? throw new ReplyTooLargeException(MaxReply)
                : Reply(200, JsonFormatter.Default.Format(answer), null);
        }
        catch (RpcException exception) when (IsTooLarge(exception))
        {
            throw new ReplyTooLargeException(MaxReply);
        }
        catch (IOException exception)
        {
            // JSON or a message that breaks off; the protobuf runtime's exceptions are of this kind.
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "the answer can't be read", exception);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Reply(
                HttpStatusOf(exception.StatusCode),
                JsonSerializer.Serialize(new { error = new { message = exception.Status.Detail } }),
                RetryAfterOf(exception));
        }
    }

    private async Task<IMessage> SendAsync(string model, string method, string body, CallSettings settings)
    {
        switch (method)
        {
            case "predict":
                var predict = Parser.Parse<PredictRequest>(body);
                predict.Endpoint = model;
                return await client.PredictAsync(predict, settings);
            case "generateContent":
                var generate = Parser.Parse<GenerateContentRequest>(body);
                generate.Model = model;
                return await client.GenerateContentAsync(generate, settings);
            default:
                throw new ArgumentOutOfRangeException(nameof(method), method, "Google's client is not asked for this method here.");
        }
    }

    /// <summary>Whether the channel broke a call off for its answer's size; the status alone could also mean a quota.</summary>
    private static bool IsTooLarge(RpcException exception) => exception.StatusCode == StatusCode.ResourceExhausted
        && exception.Status.Detail.StartsWith("Received message exceeds the maximum", StringComparison.Ordinal);

    private static VertexReply Reply(int status, string json, TimeSpan? retryAfter) =>
        new(status, Encoding.UTF8.GetBytes(json), retryAfter, NoOwner.Instance);

    private static TimeSpan? RetryAfterOf(RpcException exception) =>
        exception.GetRpcStatus()?.GetDetail<Google.Rpc.RetryInfo>()?.RetryDelay?.ToTimeSpan();

    /// <summary>The mapping of google.rpc.Code to HTTP that Google documents with the enum.</summary>
    private static int HttpStatusOf(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => 400,
        StatusCode.Unauthenticated => 401,
        StatusCode.PermissionDenied => 403,
        StatusCode.NotFound => 404,
        StatusCode.AlreadyExists or StatusCode.Aborted => 409,
        StatusCode.ResourceExhausted => 429,
        StatusCode.Cancelled => 499,
        StatusCode.Unimplemented => 501,
        StatusCode.Unavailable => 503,
        StatusCode.DeadlineExceeded => 504,
        _ => 500,
    };

    private sealed class NoOwner : IDisposable
    {
        public static readonly NoOwner Instance = new();

        public void Dispose()
        {
        }
    }
}
