using Iga.Faults;
using Iga.Models.Dialects;
using Iga.Tasks;

namespace Iga.Models;

/// <summary>What each answer without a picture means to a caller.</summary>
internal static class VertexFaults
{
    // A key stands for one request, also after its task failed.
    private const string WithNewKey = "with a new idempotency key.";

    private const string AnotherPrompt = $"Rephrase the prompt and send it {WithNewKey}";
    private const string AnotherModel = $"Send the request again later, or choose another model and send it {WithNewKey}";

    /// <param name="retryAfter">The Retry-After of the answer.</param>
    public static FailureException OfStatus(int status, ErrorReply error, TimeSpan? retryAfter, ImageRequest request)
    {
        var model = request.ModelId;
        var reason = ForeignText.Clean(error.Message, request.Prompt);
        var wait = retryAfter > error.RetryDelay ? retryAfter : error.RetryDelay ?? retryAfter; // the longer of the two
        return status switch
        {
            400 when IsRefusal(error.Message) => OfContent(new ReplyContent.Blocked(null, error.Message), request),
            404 => new(FailureKind.ModelNotFound, Join(
                $"The model {model} does not exist, is retired, or this project has no access to it.", reason,
                $"Choose another model with model_id_override and send the request {WithNewKey}")),
            429 => new(FailureKind.QuotaExhausted, Join(
                $"The quota of the model {model} is used up.", reason, "Try again later."), isTransient: true, wait),
            408 or 499 or >= 500 => new(FailureKind.ModelUnavailable, Join(
                $"The model {model} is not available at the moment (status {status}).", reason, "Try again later."),
                isTransient: true, wait),
            401 or 403 => new(FailureKind.ModelRejectedRequest, Join(
                $"The service is not allowed to call the model {model} (status {status}).", reason,
                "Its operator must check the credentials, and that the Vertex AI API is enabled for the project.")),
            _ => new(FailureKind.ModelRejectedRequest, Join(
                $"The model {model} rejected the request (status {status}).", reason,
                $"Change the request and send it {WithNewKey}")),
        };
    }

    /// <param name="content">What a 200 held in place of a picture.</param>
    public static FailureException OfContent(ReplyContent content, ImageRequest request) => content switch
    {
        ReplyContent.Blocked blocked => new(FailureKind.PromptBlocked, Join(
            $"The model {request.ModelId} refused the prompt{Code(blocked.Code)}.",
            ForeignText.Clean(blocked.Reason, request.Prompt), AnotherPrompt)),
        ReplyContent.NoPicture { Words: { } said } nothing => NoImage(
            request, $" but answered{Code(nothing.Code)}:", ForeignText.Clean(said, request.Prompt), AnotherPrompt),
        ReplyContent.NoPicture nothing => NoImage(
            request, $"{Code(nothing.Code)} and gave no reason.", null, $"Send the request again, or rephrase the prompt and send it {WithNewKey}"),
        _ => throw new ArgumentOutOfRangeException(nameof(content)),
    };

    public static FailureException NotAPicture(ImageRequest request) => NoImage(
        request, ": what it sent as one is not PNG, JPEG or WebP.", null, AnotherModel);

    public static FailureException TooLarge(ImageRequest request, Exception cause) => NoImage(
        request, ": its answer was larger than the service accepts.", null, AnotherModel, cause);

    public static FailureException Malformed(ImageRequest request, Exception cause) => new(
        FailureKind.ModelUnavailable,
        $"The answer of the model {request.ModelId} was cut off or is not JSON. Try again later.",
        isTransient: true,
        innerException: cause);

    public static FailureException UnknownFamily(ImageRequest request) => new(
        FailureKind.ModelNotFound,
        $"The model {request.ModelId} is of no family that the service can call: it {ModelFamily.AllowedIds}.");

    private static FailureException NoImage(
        ImageRequest request, string how, string? reason, string advice, Exception? cause = null) => new(
        FailureKind.NoImageReturned,
        Join($"The model {request.ModelId} returned no image{how}", reason, advice),
        innerException: cause);

    // The wording of every refusal that comes as a 400; other 400s are about the request's form.
    private static bool IsRefusal(string? message) => message is not null
        && (message.Contains("support code", StringComparison.OrdinalIgnoreCase)
            || message.Contains("could not be submitted", StringComparison.OrdinalIgnoreCase));

    // Codes are shown only when they look like codes.
    private static string Code(string? code) =>
        code is { Length: > 0 and <= 64 } && code.All(c => char.IsAsciiLetterUpper(c) || c == '_') ? $" ({code})" : "";

    private static string Join(params string?[] sentences) => string.Join(' ', sentences.Where(s => s is not null));
}
