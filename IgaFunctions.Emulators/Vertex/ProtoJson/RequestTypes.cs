using Choice = Iga.Emulators.Vertex.ProtoJson.FieldType.Choice;
using Message = Iga.Emulators.Vertex.ProtoJson.FieldType.Message;

namespace Iga.Emulators.Vertex.ProtoJson;

/// <summary>The messages that requests to models consist of. Names and numbers are those of <c>google.cloud.aiplatform</c>.</summary>
internal static class RequestTypes
{
    private static readonly FieldType Text = new FieldType.Text();
    private static readonly FieldType Number = new FieldType.WholeNumber();
    private static readonly FieldType Fraction = new FieldType.Fraction();
    private static readonly FieldType Flag = new FieldType.Flag();
    private static readonly FieldType Bytes = new FieldType.Binary();
    private static readonly FieldType TextMap = new FieldType.Map();
    private static readonly FieldType Any = new FieldType.Any();

    private static readonly Message Blob = new("Blob", [new("mimeType", Text), new("data", Bytes), new("displayName", Text)]);

    private static readonly Message FileData = new(
        "FileData", [new("mimeType", Text), new("fileUri", Text), new("displayName", Text)]);

    private static readonly Message Part = new("Part",
    [
        new("text", Text, OneOf: "data"),
        new("inlineData", Blob, OneOf: "data"),
        new("fileData", FileData, OneOf: "data"),
        new("functionCall", new Message("FunctionCall"), OneOf: "data"),
        new("functionResponse", new Message("FunctionResponse"), OneOf: "data"),
        new("executableCode", new Message("ExecutableCode"), OneOf: "data"),
        new("codeExecutionResult", new Message("CodeExecutionResult"), OneOf: "data"),
        new("thought", Flag),
        new("thoughtSignature", Bytes),
        new("videoMetadata", new Message("VideoMetadata")),
        new("mediaResolution", new Message("Part.MediaResolution")),
    ]);

    private static readonly Message Content = new("Content", [new("role", Text), new("parts", Part, IsList: true)]);

    private static readonly Message SafetySetting = new("SafetySetting",
    [
        new("category", new Choice("HarmCategory", "HARM_CATEGORY_UNSPECIFIED", "HARM_CATEGORY_HATE_SPEECH",
            "HARM_CATEGORY_DANGEROUS_CONTENT", "HARM_CATEGORY_HARASSMENT", "HARM_CATEGORY_SEXUALLY_EXPLICIT",
            "HARM_CATEGORY_CIVIC_INTEGRITY", "HARM_CATEGORY_JAILBREAK", "HARM_CATEGORY_IMAGE_HATE",
            "HARM_CATEGORY_IMAGE_DANGEROUS_CONTENT", "HARM_CATEGORY_IMAGE_HARASSMENT", "HARM_CATEGORY_IMAGE_SEXUALLY_EXPLICIT")),
        new("threshold", new Choice("SafetySetting.HarmBlockThreshold", "HARM_BLOCK_THRESHOLD_UNSPECIFIED", "BLOCK_LOW_AND_ABOVE",
            "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH", "BLOCK_NONE", "OFF")),
        new("method", new Choice("SafetySetting.HarmBlockMethod", "HARM_BLOCK_METHOD_UNSPECIFIED", "SEVERITY", "PROBABILITY")),
    ]);

    private static readonly Message ImageConfig = new("ImageConfig",
    [
        new("aspectRatio", Text),
        new("imageSize", Text),
        new("personGeneration", new Choice(
            "ImageConfig.PersonGeneration", "PERSON_GENERATION_UNSPECIFIED", "ALLOW_ALL", "ALLOW_ADULT", "ALLOW_NONE")),
        new("prominentPeople", new Choice(
            "ImageConfig.ProminentPeople", "PROMINENT_PEOPLE_UNSPECIFIED", "ALLOW_PROMINENT_PEOPLE", "BLOCK_PROMINENT_PEOPLE")),
        new("imageOutputOptions", new Message(
            "ImageConfig.ImageOutputOptions", [new("mimeType", Text), new("compressionQuality", Number)])),
    ]);

    private static readonly Message ThinkingConfig = new("GenerationConfig.ThinkingConfig",
    [
        new("includeThoughts", Flag),
        new("thinkingBudget", Number),
        new("thinkingLevel", new Choice(
            "GenerationConfig.ThinkingConfig.ThinkingLevel", "THINKING_LEVEL_UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "MINIMAL", "XHIGH")),
    ]);

    private static readonly Message GenerationConfig = new("GenerationConfig",
    [
        new("temperature", Fraction),
        new("topP", Fraction),
        new("topK", Fraction),
        new("candidateCount", Number),
        new("maxOutputTokens", Number),
        new("stopSequences", Text, IsList: true),
        new("responseLogprobs", Flag),
        new("logprobs", Number),
        new("presencePenalty", Fraction),
        new("frequencyPenalty", Fraction),
        new("seed", Number),
        new("responseMimeType", Text),
        new("responseSchema", new Message("Schema")),
        new("responseJsonSchema", Any),
        new("routingConfig", new Message("GenerationConfig.RoutingConfig")),
        new("audioTimestamp", Flag),
        new("responseModalities", new Choice("GenerationConfig.Modality", "MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO", "VIDEO"), IsList: true),
        new("mediaResolution", new Choice("GenerationConfig.MediaResolution", "MEDIA_RESOLUTION_UNSPECIFIED", "MEDIA_RESOLUTION_LOW",
            "MEDIA_RESOLUTION_MEDIUM", "MEDIA_RESOLUTION_HIGH")),
        new("speechConfig", new Message("SpeechConfig")),
        new("thinkingConfig", ThinkingConfig),
        new("modelConfig", new Message("GenerationConfig.ModelConfig")),
        new("imageConfig", ImageConfig),
        new("responseFormat", new Message("ResponseFormat"), IsList: true),
    ]);

    private static readonly Field[] Asked =
    [
        new("model", Text),
        new("contents", Content, IsList: true),
        new("systemInstruction", Content),
        new("tools", new Message("Tool"), IsList: true),
        new("generationConfig", GenerationConfig),
    ];

    /// <summary>Of <c>:generateContent</c> and <c>:streamGenerateContent</c>.</summary>
    public static readonly Message GenerateContent = new("GenerateContentRequest",
    [
        .. Asked,
        new("toolConfig", new Message("ToolConfig")),
        new("safetySettings", SafetySetting, IsList: true),
        new("labels", TextMap),
        new("cachedContent", Text),
        new("modelArmorConfig", new Message("ModelArmorConfig")),
        new("serviceTier", Text),
        new("continuationToken", Bytes),
        new("outputConfig", new Message("OutputConfig")),
    ]);

    /// <summary>Of <c>:countTokens</c>.</summary>
    public static readonly Message CountTokens = new(
        "CountTokensRequest", [.. Asked, new("endpoint", Text), new("instances", Any, IsList: true)]);

    /// <summary>Of <c>:predict</c>. What its instances and parameters are is the model's affair.</summary>
    public static readonly Message Predict = new("PredictRequest",
        [new("endpoint", Text), new("instances", Any, IsList: true), new("parameters", Any), new("labels", TextMap)]);
}
