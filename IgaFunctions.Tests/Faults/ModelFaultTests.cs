using Iga.Emulators.Faults;

namespace Iga.Tests.Faults;

/// <summary>Every fault of the model, each alone.</summary>
public sealed class ModelFaultTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Imagen = "imagen-4.0-generate-001";

    private Lab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await Lab.StartAsync(new() { ["IGA_MODEL_TIMEOUT_SECONDS"] = "3" });

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_passing_fault_costs_no_second_picture_unless_it_struck_after_the_first_was_made()
    {
        FaultCase[] cases =
        [
            .. from status in (int[])[408, 429, 499, 500, 502, 503, 504]
               from retryAfter in (string[])["", " Retry-After 1", " Retry-After 3"]
               select new FaultCase($"return-{status}{retryAfter}") { IsSeenAsRetry = retryAfter.EndsWith('3') },
            new("return-503-retry-date-1s"),
            new("return-503-retry-date-3s") { IsSeenAsRetry = true },
            new("return-429-retry-info-3s") { IsSeenAsRetry = true },
            new("return-reset-connection"),
            new("stall-for-60s") { IsSeenAsRetry = true },
            new("wrong-mime"),
            new("jpeg"),
            new("return-503-after-body", Made: 2),
            new("return-reset-connection-after-body", Made: 2),
            new("reset-inside-body", Made: 2),
            new("reset-inside-body-after-1", Made: 2),
            new("truncate-body", Made: 2),
            new("malformed-json", Made: 2),
            new("stall-for-60s-after-body", Made: 2) { IsSeenAsRetry = true },
            new("stall-for-60s-inside-body", Made: 2) { IsSeenAsRetry = true },
            .. from damage in AnswerCases.Damages select new FaultCase($"picture-{damage}", Made: 2),
            .. from dress in AnswerCases.ErrorDresses select new FaultCase($"error-503-{dress}"),
            new("error-429-in-200", Model: Imagen),
            new("error-500-in-200-array Retry-After 3", Model: Imagen) { IsSeenAsRetry = true },
            new("truncate-body", Made: 2, Model: Imagen),
            new("malformed-json", Made: 2, Model: Imagen),
        ];

        await RunAsync(cases);
    }

    [Fact]
    public async Task A_whole_picture_is_stored_whatever_its_answer_looks_like_and_is_paid_for_once()
    {
        await RunAsync(
        [
            .. from dress in AnswerCases.Dresses
               from model in (string[])["gemini-3.1-flash-image", Imagen]
               select new FaultCase($"answer-{dress}", Model: model),
        ]);
    }

    [Fact]
    public async Task A_model_that_made_no_picture_by_chance_is_asked_once_more()
    {
        await RunAsync(
        [
            .. from fault in (string[])["finish-NO_IMAGE", "finish-OTHER", "finish-MALFORMED_FUNCTION_CALL", "finish-16", "no-predictions"]
               select new FaultCase(fault),
            new("no-predictions", Model: Imagen),
        ]);
    }

    [Fact]
    public async Task A_permanent_fault_ends_in_its_kind_with_the_models_own_reason()
    {
        const string filtered = "Google's Responsible AI practices.";
        FaultCase[] cases =
        [
            new("blocked-prompt-400", "prompt_blocked", 0, filtered),
            new("blocked-prompt-200", "prompt_blocked", 0, "blocked due to prohibited content."),
            new("blocked-prompt-400", "prompt_blocked", 0, filtered, Imagen),
            new("blocked-prompt-200", "prompt_blocked", 0, filtered, Imagen),
            .. from reason in (string[])["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION", "IMAGE_SAFETY",
                   "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"]
               select new FaultCase($"finish-{reason}", "prompt_blocked", 0, $"ended with {reason}"),
            .. from reason in (string[])["NO_IMAGE", "OTHER", "IMAGE_OTHER", "MALFORMED_FUNCTION_CALL"]
               select new FaultCase($"finish-{reason}", "no_image_returned", 0, $"ended with {reason}") { Times = 2 },
            new("refused-draft", "prompt_blocked", 1, "(IMAGE_SAFETY)"),
            new("finish-MAX_TOKENS", "no_image_returned", 0, "choose another model, or a smaller size"),
            .. from reason in (string[])["OTHER", "MODEL_ARMOR", "JAILBREAK"]
               select new FaultCase($"block-{reason}", "prompt_blocked", 0, $"({reason})"),
            .. from wording in AnswerCases.Wordings select new FaultCase($"refusal-{wording}", "prompt_blocked", 0, "Rephrase the prompt"),
            new("refusal-not-submitted", "prompt_blocked", 0, "Rephrase the prompt", Imagen),
            new("error-400-in-200", "model_rejected_request", 0, "failed with status 400"),
            new("error-403-in-200-status-only", "model_rejected_request", 0, "'aiplatform.endpoints.predict' denied"),
            new("error-404-in-200-text-code", "model_not_found", 0, "not found", Imagen),
            new("error-403-hostile-text", "model_rejected_request", 0, "‹b›Ask ＆lt;us＆gt;‹/b› with key=[secret] at [host]."),
            new("error-404-gzip", "model_not_found", 0, "not found"),
            new("error-404-array", "model_not_found", 0, "not found"),
            new("text-only", "no_image_returned", 0, "I can't create that image."),
            new("text-only", "no_image_returned", 0, "returned no image", Imagen) { Times = 2 },
            new("no-predictions", "no_image_returned", 0, "gave no reason") { Times = 2 },
            new("no-predictions", "no_image_returned", 0, "gave no reason", Imagen) { Times = 2 },
            new("not-an-image", "no_image_returned", 1, "not PNG, JPEG or WebP"),
            new("oversized-64M", "no_image_returned", 1, "larger than the service accepts"),
            new("return-400", "model_rejected_request", 0, "failed with status 400"),
            new("return-401", "model_rejected_request", 0, "invalid authentication credentials"),
            new("return-403", "model_rejected_request", 0, "'aiplatform.endpoints.predict' denied"),
            new("return-404", "model_not_found", 0, "not found"),
            new("return-405", "model_rejected_request", 0, "status 405"),
            new("return-413", "model_rejected_request", 0, "status 413"),
        ];

        await RunAsync(cases);
    }

    private async Task RunAsync(FaultCase[] cases)
    {
        var (wrong, messages) = await FaultCase.RunAsync(
            _lab, cases, one => _lab.Vertex.Faults.Add("*", one.Parse(), one.Times, one.Prompt));

        messages.ForEach(output.WriteLine);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
