using Iga.Faults;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;
using static Iga.Tests.Models.ScriptedTransport;

namespace Iga.Tests.Models;

/// <summary>A blocked prompt comes as a 400, and so does a request of the wrong form: the words tell.</summary>
public sealed class RefusalTests
{
    public static TheoryData<string> Refusals =>
    [
        "The prompt could not be submitted. This prompt contains sensitive words that violate Google's Responsible AI practices.",
        "Image generation failed with the following error: The prompt couldn’t be submitted. It might violate our policies.",
        "THE PROMPT COULDN'T BE SUBMITTED",
        "Your prompt may violate our policies. If you think this was an error, send feedback.",
        "If you think this was an error, send feedback. Support codes: 42876398",
        "Image editing failed with the following error: The input image was rejected. Error Code: 17301594",
        "The response is blocked, please review the prompt.",
        "The response was blocked because it contained unsafe content.",
        "Prompt was blocked due to safety reasons.",
        "Unable to show generated images. All images were filtered out because they violated Vertex AI's usage guidelines.",
        "Your current safety filter threshold prohibited one or more of the generated images.",
        "Request was blocked by Model Armor: prompt injection found.",
        "Model Armor: the prompt violates the template's filters.",
        "The image contains content that has been prohibited. Please try rephrasing the prompt.",
        "half a character \\ud83d, and a bell \\u0007: the prompt could not be submitted",
    ];

    public static TheoryData<string> OrdinaryErrors =>
    [
        "Invalid value at 'generation_config.image_config.aspect_ratio' (type.googleapis.com/Enum), \\\"9:21\\\"",
        "Invalid JSON payload received. Unknown name \\\"imageSize\\\": Cannot find field.",
        "API key not valid. Please pass a valid API key.",
        new string('x', 2_048) + " could not be submitted", // no further is looked
        "User location is not supported for the API use.",
        "Image size 4K is not supported by this model. Error code: 400",
        "User has requested a restricted HarmBlockThreshold setting BLOCK_NONE. You can get access through an allowlist.",
        "Model Armor template projects/p/locations/l/templates/t was not found.",
        "Permission 'modelarmor.templates.useToSanitizeUserPrompt' denied, so the prompt was not filtered by Model Armor",
        "Organization Policy constraint constraints/vertexai.allowedModels violated for projects/1: the policy allows no such model.",
        "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: x",
        "Quota exceeded for aiplatform.googleapis.com/generate_content_requests_per_minute",
        "The input token count exceeds the maximum number of tokens allowed.",
        "seed is not supported when watermark is enabled",
        "Unable to process input image. Please retry with another content type.",
        "Billing must be enabled for activating service.",
        "",
    ];

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_is_a_blocked_prompt_in_any_wording(string message)
    {
        foreach (var model in (string[])["gemini-3.1-flash-image", "imagen-4.0-generate-001"])
        {
            var failure = await FailAsync(400, $$$"""{"error":{"code":400,"message":"{{{message}}}","status":"INVALID_ARGUMENT"}}""", model);
            Assert.Equal((FailureKind.PromptBlocked, false), (failure.Kind, failure.IsTransient));
            Assert.EndsWith("Rephrase the prompt and send it with a new idempotency key.", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(OrdinaryErrors))]
    public async Task Another_400_is_about_the_request_and_not_the_prompt(string message)
    {
        var failure = await FailAsync(400, $$$"""{"error":{"code":400,"message":"{{{message}}}","status":"INVALID_ARGUMENT"}}""");
        Assert.Equal((FailureKind.ModelRejectedRequest, false), (failure.Kind, failure.IsTransient));
    }

    [Theory]
    [InlineData(400, "CONTENT_BLOCKED", FailureKind.PromptBlocked)]
    [InlineData(403, "CONTENT_BLOCKED", FailureKind.PromptBlocked)]
    [InlineData(400, "PUBLIC_ERROR_UNSAFE_GENERATION", FailureKind.PromptBlocked)]
    [InlineData(400, "API_KEY_INVALID", FailureKind.ModelRejectedRequest)]
    [InlineData(403, "API_KEY_SERVICE_BLOCKED", FailureKind.ModelRejectedRequest)]
    [InlineData(429, "PUBLIC_ERROR_USER_REQUESTS_THROTTLED", FailureKind.QuotaExhausted)]
    [InlineData(503, "MODEL_CAPACITY_EXHAUSTED", FailureKind.ModelUnavailable)]
    public async Task The_reason_in_the_details_tells_as_well(int status, string reason, string kind)
    {
        var failure = await FailAsync(status, $$$"""
            {"error":{"code":{{{status}}},"message":"Request contains an invalid argument.","details":[
              {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{{{reason}}}","domain":"googleapis.com"},{"@type":"x"}]}}
            """);

        Assert.Equal(kind, failure.Kind);
        Assert.True(kind != FailureKind.PromptBlocked || failure.Message.Contains($"({reason})", StringComparison.Ordinal), failure.Message);
    }

    private static async Task<FailureException> FailAsync(int status, string body, string modelId = "gemini-3.1-flash-image")
    {
        using var model = new VertexImageModel(new ScriptedTransport(Answer(status, body)),
            new(new("http://unused"), "p", "global", null, null, new CallTimeouts()), ModelCatalog.BuiltIn, new RecordingObserver(), new TestTime());
        return await Assert.ThrowsAsync<FailureException>(
            () => model.GenerateAsync(new ImageRequest("a lighthouse", "1:1", true, modelId), CancellationToken.None));
    }
}
