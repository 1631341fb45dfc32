using Iga.Faults;
using Iga.Models.Catalog;
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

    private const string AnotherTry = $"Send the request again, or rephrase the prompt and send it {WithNewKey}";

    /// <param name="retryAfter">The Retry-After of the answer.</param>
    /// <param name="absence">Why the model can't be had, where the catalog knows; see <see cref="CatalogModel.AbsenceIn"/>.</param>
    public static FailureException OfStatus(
        int status, ErrorReply error, TimeSpan? retryAfter, ImageRequest request, string? absence = null)
    {
        var model = request.ModelId;
        var reason = ForeignText.Clean(error.Message, request.Prompt);
        var wait = retryAfter > error.RetryDelay ? retryAfter : error.RetryDelay ?? retryAfter; // the longer of the two
        return status switch
        {
            _ when Refusals.IsRefusal(status, error) => Blocked(error.Reason, error.Message, request),
            404 => new(FailureKind.ModelNotFound, Join(
                absence is null
                    ? $"The model {model} does not exist, is retired, or this project has no access to it."
                    : $"The model {model} {absence}.",
                reason,
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

    /// <summary>Of an answer with status 200 that holds no whole picture.</summary>
    /// <param name="sent">The best of what stood in a picture's place.</param>
    /// <param name="retryAfter">The Retry-After of the answer.</param>
    /// <param name="absence">As in <see cref="OfStatus"/>.</param>
    public static FailureException OfContent(
        NoPicture content, SentPicture sent, TimeSpan? retryAfter, ImageRequest request, string? absence = null) =>
        (content, sent) switch
        {
            (NoPicture.Blocked blocked, _) => Blocked(blocked.Code, blocked.Reason, request),
            (NoPicture.Failed { Error: var error }, _) => OfStatus(error.HttpStatus, error, retryAfter, request, absence),
            (NoPicture.Missing { Code: null }, SentPicture.Broken) => Damaged(
                $"The picture that the model {request.ModelId} sent is cut off or damaged."),
            (NoPicture.Missing { Code: null }, SentPicture.Other) => NoImage(
                request, ": what it sent as one is not PNG, JPEG or WebP.", null, AnotherModel),
            (NoPicture.Missing missing, _) => OfMissing(missing, request),
            _ => Damaged($"The answer of the model {request.ModelId} was cut off or is not JSON."),
        };

    public static FailureException TooLarge(ImageRequest request, Exception cause) => NoImage(
        request, ": its answer was larger than the service accepts.", null, AnotherModel, cause: cause);

    public static FailureException UnknownFamily(ImageRequest request) => new(
        FailureKind.ModelNotFound,
        $"The model {request.ModelId} is of no family that the service can call: it {ModelFamily.AllowedIds}.");

    private static FailureException Blocked(string? code, string? reason, ImageRequest request) => new(
        FailureKind.PromptBlocked,
        Join($"The model {request.ModelId} refused the prompt{Code(code)}.", ForeignText.Clean(reason, request.Prompt),
            code is "MODEL_ARMOR" ? "It was refused by Model Armor, whose filters are the service's operator's." : null, AnotherPrompt));

    private static FailureException OfMissing(NoPicture.Missing missing, ImageRequest request)
    {
        var code = Code(missing.Code);
        var said = ForeignText.Clean(missing.Words, request.Prompt);
        var how = said is null ? $"{code} and gave no reason." : $" but answered{code}:";
        if (missing.Code is "MAX_TOKENS")
        {
            return NoImage(request, said is null ? $"{code}: it had used up the tokens that an answer may have." : how, said,
                $"Another try or other words hardly help: choose another model, or a smaller size, and send the request {WithNewKey}");
        }

        // Words without a code are a refusal, or an answer to something that was not a wish for a picture.
        var isRefusal = missing.Code is null && said is not null;
        return NoImage(request, how, said, isRefusal ? AnotherPrompt : AnotherTry, !isRefusal && FinishReason.IsChance(missing.Code));
    }

    /// <summary>Worth another try: a picture arrived, or was on its way.</summary>
    private static FailureException Damaged(string what) =>
        new(FailureKind.ModelUnavailable, $"{what} Try again later.", isTransient: true);

    private static FailureException NoImage(
        ImageRequest request, string how, string? reason, string advice, bool isChance = false, Exception? cause = null) => new(
        FailureKind.NoImageReturned,
        Join($"The model {request.ModelId} returned no image{how}", reason, advice),
        innerException: cause)
        {
            IsChance = isChance,
        };

    // Codes are shown only when they look like codes.
    private static string Code(string? code) =>
        code is { Length: > 0 and <= 64 } && code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_') ? $" ({code})" : "";

    private static string Join(params string?[] sentences) => string.Join(' ', sentences.Where(s => s is not null));
}
