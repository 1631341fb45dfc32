using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Iga.Emulators.Vertex;

namespace Iga.Tests.Emulators;

/// <summary>The forms of a request that proto3 JSON allows, and the words in which the others are refused.</summary>
public sealed class VertexRequestFormTests : IAsyncLifetime
{
    /// <summary>What stands for <c>#user</c> in the requests below.</summary>
    private const string User = """{"role":"user","parts":[{"text":"a lighthouse"}]}""";

    private VertexEmulator _vertex = null!;

    public async ValueTask InitializeAsync() => _vertex = await VertexEmulator.StartAsync(new());

    public async ValueTask DisposeAsync() => await _vertex.DisposeAsync();

    [Theory]
    [InlineData("""{"contents":{"role":"user","parts":{"text":"a lighthouse"}}}""")]
    [InlineData("""{"contents":[{"role":"USER","parts":[{"text":"a lighthouse"}]}]}""")]
    [InlineData("""{"contents":[{"role":"user","parts":[{"text":"a lighthouse","inlineData":null,"thought":"false"}]}],"safety_settings":null}""")]
    [InlineData("""{"contents":[#user],"generationConfig":{"responseFormat":[],"responseModalities":[]},"cachedContent":"","tools":[]}""")]
    [InlineData("""{"contents":[#user],"generationConfig":{"responseModalities":[1,2]}}""")]
    [InlineData("""{"contents":[#user],"generationConfig":{"responseModalities":["text","2"]}}""")]
    [InlineData("""{"contents":[#user],"generationConfig":{"responseModalities":"IMAGE"}}""")]
    [InlineData("""{"contents":[#user],"generation_config":{"seed":"7","candidate_count":1.0,"stop_sequences":"x","temperature":"0.5"}}""")]
    [InlineData("""{"contents":[#user],"generation_config":{"image_config":{"aspect_ratio":"1:1","image_output_options":{"mime_type":"image/png","compression_quality":"75"},"person_generation":2}}}""")]
    [InlineData("""{"contents":[#user],"safetySettings":{"category":4,"threshold":"off"},"labels":{"team":"a"}}""")]
    [InlineData("""{"contents":{"role":"user","parts":[{"inline_data":{"mime_type":"image/png","data":"-_8"}},{"text":"a lighthouse"}]}}""")]
    public async Task GenerateContent_takes_every_form_of_proto3_JSON(string body)
    {
        var (status, text) = await PostAsync(Vertex.GeminiModel, "generateContent", body);

        Assert.True(status == HttpStatusCode.OK, text);
        Assert.Equal("a lighthouse", Assert.Single(_vertex.Log).Prompt);
        Assert.Equal(1, _vertex.ImagesMade);
    }

    [Theory]
    [InlineData("""{"instances":{"prompt":"a lighthouse"},"parameters":{"sampleCount":"1"}}""")]
    [InlineData("""{"instances":[{"prompt":"a lighthouse"}],"parameters":{"sampleCount":1,"personGeneration":"ALLOW_ADULT"}}""")]
    [InlineData("""{"instances":[{"prompt":"a lighthouse"}],"parameters":{"sampleCount":1,"personGeneration":"DONT_ALLOW","safetySetting":"BLOCK_LOW_AND_ABOVE"}}""")]
    [InlineData("""{"instances":[{"prompt":"a lighthouse"}],"parameters":{"sampleCount":1,"safetySetting":"block_only_high","seed":null},"labels":{"team":"a"}}""")]
    [InlineData("""{"instances":[{"prompt":"a lighthouse"}],"parameters":{"sample_count":1,"output_options":{"mime_type":"image/jpeg"}}}""")]
    public async Task Predict_takes_what_Googles_clients_send(string body)
    {
        var (status, text) = await PostAsync(Vertex.ImagenModel, "predict", body);

        Assert.True(status == HttpStatusCode.OK, text);
        Assert.Equal("a lighthouse", Assert.Single(_vertex.Log).Prompt);
        Assert.Equal(1, _vertex.ImagesMade);
    }

    [Theory]
    [InlineData("""{"x":1}""", "", "Invalid JSON payload received. Unknown name \"x\": Cannot find field.")]
    [InlineData("""{"generation_config":{"x":1}}""", "generation_config", "Invalid JSON payload received. Unknown name \"x\" at 'generation_config': Cannot find field.")]
    [InlineData("""{"contents":[{"role":["user"]}]}""", "contents[0]", "Invalid JSON payload received. Unknown name \"role\" at 'contents[0]': Proto field is not repeating, cannot start list.")]
    [InlineData("""{"contents":"a lighthouse"}""", "contents", "Invalid value at 'contents' (type.googleapis.com/google.cloud.aiplatform.v1.Content), \"a lighthouse\"")]
    [InlineData("""{"contents":[{"parts":[{"text":7}]}]}""", "contents[0].parts[0].text", "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), 7")]
    [InlineData("""{"contents":[{"parts":[{"text":{}}]}]}""", "contents[0].parts[0]", "Invalid value at 'contents[0].parts[0]' (text), Starting an object on a scalar field")]
    [InlineData("""{"contents":[{"parts":[{"text":"a","fileData":{}}]}]}""", "contents[0].parts[0]", "Invalid value at 'contents[0].parts[0]' (oneof), oneof field 'data' is already set. Cannot set 'fileData'")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"data":"gs://b/o"}}]}]}""", "contents[0].parts[0].inline_data.data", "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"gs://b/o\"")]
    [InlineData("""{"generationConfig":{"seed":3812238859}}""", "generation_config.seed", "Invalid value at 'generation_config.seed' (TYPE_INT32), 3812238859")]
    [InlineData("""{"generationConfig":{"temperature":"warm"}}""", "generation_config.temperature", "Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"warm\"")]
    [InlineData("""{"generationConfig":{"responseModalities":["SMELL"]}}""", "generation_config.response_modalities[0]", "Invalid value at 'generation_config.response_modalities[0]' (type.googleapis.com/google.cloud.aiplatform.v1.GenerationConfig.Modality), \"SMELL\"")]
    public async Task What_is_no_proto3_JSON_is_refused_in_Googles_words(string body, string field, string words)
    {
        var (status, text) = await PostAsync(Vertex.GeminiModel, "generateContent", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var error = JsonNode.Parse(text)!["error"]!;
        Assert.Equal((400, "INVALID_ARGUMENT", words), ((int)error["code"]!, (string?)error["status"], (string?)error["message"]));
        var detail = error["details"]![0]!;
        Assert.Equal("type.googleapis.com/google.rpc.BadRequest", (string?)detail["@type"]);
        var violation = Assert.Single(detail["fieldViolations"]!.AsArray())!;
        Assert.Equal((field, words), ((string?)violation["field"] ?? "", (string?)violation["description"]));
        Assert.Equal(0, _vertex.ImagesMade);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var (_, text) = await PostAsync(
            Vertex.GeminiModel, "generateContent", """{"x":1,"generationConfig":{"seed":"a","y":2},"contents":{"z":3}}""");

        var error = JsonNode.Parse(text)!["error"]!;
        Assert.Equal(4, error["details"]![0]!["fieldViolations"]!.AsArray().Count);
        Assert.Equal(4, ((string)error["message"]!).Split('\n').Length);
        Assert.Contains("'contents': Cannot find field.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"contents":[{"parts":[{"text":"a"}]}]}""", 400, "Please use a valid role: user, model.")]
    [InlineData("""{"contents":[{"role":"user","parts":[{"text":"\ud83d"}]}]}""", 400, "not valid Unicode")]
    [InlineData("""{"contents":[{"role":"system","parts":[{"text":"a"}]}]}""", 400, "Please use a valid role: user, model.")]
    [InlineData("""{"contents":[#user],"generationConfig":{"responseModalities":["AUDIO"]}}""", 400, "response_modalities")]
    [InlineData("""{"contents":[#user],"generationConfig":{"responseModalities":99}}""", 400, "response_modalities")]
    [InlineData("""{"contents":[#user],"cachedContent":"projects/p/locations/l/cachedContents/1"}""", 501, "cached_content")]
    [InlineData("""{"contents":[#user],"generationConfig":{"responseFormat":{}}}""", 501, "generation_config.response_format")]
    [InlineData("""{"contents":[#user],"generationConfig":{"responseMimeType":"application/json"}}""", 501, "generation_config.response_mime_type")]
    [InlineData("""{"contents":[#user],"tools":[{"googleSearch":{}},{"functionDeclarations":[]}]}""", 501, "tools[1].function_declarations")]
    [InlineData("""{"contents":[{"role":"user","parts":[{"text":"a"},{"inlineData":{"mimeType":"image/png"}}]}]}""", 400, "contents[0].parts[1].inline_data.data")]
    [InlineData("""{"contents":[{"role":"user","parts":[{"text":"a"},{"functionResponse":{}}]}]}""", 501, "contents[0].parts[1].function_response")]
    public async Task What_the_emulator_would_have_to_ignore_is_refused(string body, int status, string words)
    {
        var (answered, text) = await PostAsync(Vertex.GeminiModel, "generateContent", body);

        Assert.Equal(status, (int)answered);
        Assert.Contains(words, (string?)JsonNode.Parse(text)!["error"]!["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"instances":[{"prompt":"a","referenceImages":[]}]}""", "instances[0].reference_images")]
    [InlineData("""{"instances":[{"prompt":"a","image":{"gcsUri":"gs://b/o"}}]}""", "instances[0].image")]
    [InlineData("""{"instances":[{"prompt":"a"}],"parameters":{"mode":"upscale"}}""", "parameters.mode")]
    [InlineData("""{"instances":[{"prompt":"a"}],"parameters":{"storageUri":"gs://b/o"}}""", "parameters.storage_uri")]
    public async Task What_Imagen_would_do_to_other_pictures_is_refused(string body, string words)
    {
        var (answered, text) = await PostAsync(Vertex.ImagenModel, "predict", body);

        Assert.Equal(HttpStatusCode.NotImplemented, answered);
        Assert.Contains(words, (string?)JsonNode.Parse(text)!["error"]!["message"], StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string model, string method, string body)
    {
        using var content = new StringContent(body.Replace("#user", User, StringComparison.Ordinal), Encoding.UTF8, "application/json");
        using var response = await Vertex.Http.PostAsync(_vertex.Url(model, method), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
