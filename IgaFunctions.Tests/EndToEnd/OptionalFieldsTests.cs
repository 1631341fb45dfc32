using System.Text.Json.Nodes;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>The fields that say more of the picture than the prompt: checked against the model, and sent to it.</summary>
public sealed class OptionalFieldsTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private OwnService Service => fixture.Service;

    [Theory]
    [InlineData("""{"aspect_ratio": "4:1"}""", "imageConfig.aspectRatio", "\"4:1\"")]
    [InlineData("""{"image_size": "4K"}""", "imageConfig.imageSize", "\"4K\"")]
    [InlineData("""{"image_size": "512"}""", "imageConfig.imageSize", "\"512\"")]
    [InlineData("""{"image_size": "1K"}""", "imageConfig.imageSize", null)]
    [InlineData("""{"output_format": "jpeg"}""", "imageConfig.imageOutputOptions.mimeType", "\"image/jpeg\"")]
    [InlineData("""{"seed": 17}""", "seed", "17")]
    [InlineData("""{"seed": null, "image_size": null, "output_format": null, "reference_images": null}""", "seed", null)]
    [InlineData("""{"image_size": "2K", "add_watermark": false, "model_id_override": "imagen-4.0-generate-001"}""", "parameters.sampleImageSize", "\"2K\"")]
    [InlineData("""{"seed": 17, "add_watermark": false, "model_id_override": "imagen-4.0-generate-001"}""", "parameters.seed", "17")]
    [InlineData("""{"output_format": "jpeg", "model_id_override": "imagen-4.0-generate-001"}""", "parameters.outputOptions.mimeType", "\"image/jpeg\"")]
    public async Task A_field_reaches_the_model(string fields, string path, string? expected)
    {
        var body = Body(fields);

        var task = await Service.Client.GenerateAsync(Caller.NewKey(), body);

        Assert.Equal("SUCCESS", task.GetProperty("status").GetString());
        var value = JsonNode.Parse(Assert.Single(Service.Vertex.Log, call => call.Prompt == (string)body["prompt"]!).Body);
        value = value!["generationConfig"] ?? value;
        foreach (var name in path.Split('.'))
        {
            value = value?[name];
        }

        Assert.Equal(expected, value?.ToJsonString());
    }

    [Fact]
    public async Task Reference_pictures_stand_before_the_prompt_in_the_callers_order()
    {
        var body = Body($$"""{"reference_images": ["gs://{{Fixtures.Service.Bucket}}/b.jpg", "gs://{{Fixtures.Service.Bucket}}/a/ö.PNG"]}""");

        await Service.Client.GenerateAsync(Caller.NewKey(), body);

        var call = Assert.Single(Service.Vertex.Log, call => call.Prompt == (string)body["prompt"]!);
        var parts = JsonNode.Parse(call.Body)!["contents"]![0]!["parts"]!.AsArray();
        Assert.Equal(
            [$"gs://{Fixtures.Service.Bucket}/b.jpg image/jpeg", $"gs://{Fixtures.Service.Bucket}/a/ö.PNG image/png"],
            parts.Take(2).Select(part => $"{part!["fileData"]!["fileUri"]} {part["fileData"]!["mimeType"]}"));
        Assert.Equal(call.Prompt, (string?)parts[2]!["text"]);
    }

    [Theory]
    [InlineData("""{"aspect_ratio": "4:1", "model_id_override": "gemini-2.5-flash-image"}""", "ASPECT_RATIO", "gemini-2.5-flash-image offers 1:1, 2:3")]
    [InlineData("""{"aspect_ratio": "9:21"}""", "ASPECT_RATIO", "gemini-3.1-flash-image offers 1:1")]
    [InlineData("""{"aspect_ratio": "21:9", "model_id_override": "imagen-4.0-generate-001"}""", "ASPECT_RATIO", "offers 1:1, 3:4, 4:3, 9:16, 16:9")]
    [InlineData("""{"image_size": "8K"}""", "IMAGE_SIZE", "gemini-3.1-flash-image offers 512, 1K, 2K, 4K")]
    [InlineData("""{"image_size": "512px"}""", "IMAGE_SIZE", "offers 512, 1K, 2K, 4K")]
    [InlineData("""{"image_size": "512", "model_id_override": "gemini-3-pro-image"}""", "IMAGE_SIZE", "gemini-3-pro-image offers 1K, 2K, 4K")]
    [InlineData("""{"image_size": "1K", "model_id_override": "gemini-2.5-flash-image"}""", "IMAGE_SIZE", "has one size only")]
    [InlineData("""{"image_size": 512}""", "IMAGE_SIZE", "it is a number: gemini-3.1-flash-image offers 512, 1K, 2K, 4K")]
    [InlineData("""{"output_format": "webp"}""", "OUTPUT_FORMAT", "offers png, jpeg")]
    [InlineData("""{"output_format": true}""", "OUTPUT_FORMAT", "it is a boolean: gemini-3.1-flash-image offers png, jpeg")]
    [InlineData("""{"aspect_ratio": 1.5}""", "ASPECT_RATIO", "it is a number: gemini-3.1-flash-image offers 1:1")]
    [InlineData("""{"seed": "1"}""", "SEED", "a whole number from 0 to 2147483647, but it is a string")]
    [InlineData("""{"seed": 1e400}""", "SEED", "a whole number from 0")]
    [InlineData("""{"seed": 1.5}""", "SEED", "a whole number from 0")]
    [InlineData("""{"seed": -1}""", "SEED", "a whole number from 0")]
    [InlineData("""{"seed": 2147483648}""", "SEED", "a whole number from 0")]
    [InlineData("""{"seed": 1, "model_id_override": "gemini-nano-banana-2.1"}""", "SEED", "gemini-nano-banana-2.1 takes none")]
    [InlineData("""{"seed": 1, "model_id_override": "imagen-4.0-generate-001"}""", "SEED", "only with add_watermark false")]
    [InlineData("""{"reference_images": "gs://b/a.png"}""", "REFERENCE_IMAGES", "it is a string")]
    [InlineData("""{"reference_images": ["gs://b/a.png"], "model_id_override": "imagen-4.0-generate-001"}""", "REFERENCE_IMAGES", "takes no reference pictures")]
    [InlineData("""{"reference_images": [1]}""", "REFERENCE_IMAGES", "reference_images[0] must be a string")]
    [InlineData("""{"reference_images": ["gs://BUCKET/a.png", null]}""", "REFERENCE_IMAGES", "reference_images[1] must be a string, but it is null")]
    [InlineData("""{"reference_images": ["https://example.com/a.png"]}""", "REFERENCE_IMAGES", "such as gs://my-bucket/")]
    [InlineData("""{"reference_images": ["gs://BUCKET"]}""", "REFERENCE_IMAGES", "such as gs://my-bucket/")]
    [InlineData("""{"reference_images": ["gs:///a.png"]}""", "REFERENCE_IMAGES", "such as gs://my-bucket/")]
    [InlineData("""{"reference_images": ["gs://BUCKET/a\u0000.png"]}""", "REFERENCE_IMAGES", "such as gs://my-bucket/")]
    [InlineData("""{"reference_images": ["gs://somebody-elses/a.png"]}""", "REFERENCE_IMAGES", "in a bucket that requests may not refer to")]
    [InlineData("""{"reference_images": ["gs://BUCKET/a.gif"]}""", "REFERENCE_IMAGES", "must end in .png")]
    [InlineData("""{"reference_images": ["gs://BUCKET/a\ud800.png"]}""", "REFERENCE_IMAGES", "unpaired surrogate")]
    public async Task What_the_model_does_not_offer_is_refused_with_what_it_does(string fields, string code, string message)
    {
        // As text: a body that is made by a serializer holds no unpaired surrogate.
        using var content = new StringContent(
            $$"""{"prompt": "x", {{fields.Replace("BUCKET", Fixtures.Service.Bucket, StringComparison.Ordinal)[1..]}}""",
            System.Text.Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/generate_image") { Content = content };
        request.Headers.Add("X-Idempotency-Key", Caller.NewKey());

        using var response = await Service.Client.SendAsync(request);

        await RejectedRequests.AssertErrorAsync(response, 400, $"IGA_BAD_REQUEST_{code}", message);
    }

    [Fact]
    public async Task At_most_as_many_references_as_the_model_takes()
    {
        foreach (var (model, most) in ((string, int)[])[("gemini-2.5-flash-image", 3), ("gemini-3.1-flash-image", 14)])
        {
            foreach (var count in (int[])[most, most + 1])
            {
                using var response = await Service.Client.PostAsync(Caller.NewKey(), new
                {
                    prompt = "x",
                    model_id_override = model,
                    reference_images = Enumerable.Repeat($"gs://{Fixtures.Service.Bucket}/a.png", count),
                });
                Assert.Equal(count > most ? 400 : 202, (int)response.StatusCode);
            }
        }
    }

    [Theory]
    [InlineData("{}", """{"image_size": "1K", "output_format": "png", "seed": null, "reference_images": []}""", true)]
    [InlineData("{}", """{"image_size": "2K"}""", false)]
    [InlineData("{}", """{"output_format": "jpeg"}""", false)]
    [InlineData("{}", """{"seed": 0}""", false)]
    [InlineData("""{"seed": 700}""", """{"seed": 7.00e2}""", true)]
    [InlineData("""{"seed": 1}""", """{"seed": 2}""", false)]
    [InlineData("""{"reference_images": ["gs://BUCKET/a.png", "gs://BUCKET/b.png"]}""", """{"reference_images": ["gs://BUCKET/b.png", "gs://BUCKET/a.png"]}""", false)]
    public async Task A_key_stands_for_the_effective_request(string first, string second, bool isSame)
    {
        var key = Caller.NewKey();
        var prompt = $"x {key}";
        using var one = await Service.Client.PostAsync(key, Body(first, prompt));
        using var other = await Service.Client.PostAsync(key, Body(second, prompt));

        Assert.Equal((202, isSame ? 202 : 422), ((int)one.StatusCode, (int)other.StatusCode));
    }

    private static JsonObject Body(string fields, string? prompt = null)
    {
        var body = JsonNode.Parse(fields.Replace("BUCKET", Fixtures.Service.Bucket, StringComparison.Ordinal))!.AsObject();
        body["prompt"] = prompt ?? $"a fox {Guid.NewGuid()}";
        return body;
    }

    [Theory]
    [InlineData("https://hooks.example.com/", "Field callback_url is given, but this service sends no webhooks")]
    [InlineData("", "Field callback_url is given, but this service sends no webhooks")]
    [InlineData(17, "Field callback_url must be a string, but it is a number")]
    public async Task A_callback_url_is_refused_where_no_webhooks_are_sent(object url, string why)
    {
        using var refused = await Service.Client.PostAsync(Caller.NewKey(), new { prompt = "a lighthouse", callback_url = url });
        await RejectedRequests.AssertErrorAsync(refused, 400, "IGA_BAD_REQUEST_CALLBACK_URL", why);

        using var accepted = await Service.Client.PostAsync(Caller.NewKey(), new { prompt = "a lighthouse", callback_url = (string?)null });
        Assert.Equal(202, (int)accepted.StatusCode);
    }
}
