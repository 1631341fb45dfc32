using System.Net.Http.Json;
using System.Text.Json;

namespace Iga.Tests.EndToEnd;

/// <summary>GET /v1/models.</summary>
public sealed class ListModelsTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    [Fact]
    public async Task Callers_are_told_what_each_model_that_is_served_offers()
    {
        var answer = await fixture.Service.Client.GetFromJsonAsync<JsonElement>("/v1/models");

        Assert.Equal("gemini-3.1-flash-image", answer.GetProperty("default_model").GetString());
        var models = answer.GetProperty("models").EnumerateArray().ToDictionary(model => model.GetProperty("id").GetString()!);
        Assert.Equal("gemini-3.1-flash-image", models.Keys.First());
        Assert.DoesNotContain("imagen-4.0-generate-001", models.Keys);
        Assert.Equal(
            """{"id":"gemini-2.5-flash-image","aliases":[],"aspect_ratios":["1:1","2:3","3:2","3:4","4:3","4:5","5:4","9:16","16:9","21:9"],"image_sizes":[],"output_formats":["png","jpeg"],"max_reference_images":3,"takes_seed":true,"can_omit_watermark":false,"prices":[{"image_size":null,"output_tokens":1290,"usd":0.039}],"until":"2027-03-15"}""",
            models["gemini-2.5-flash-image"].GetRawText());
    }

    [Fact]
    public async Task Only_models_that_are_allowed_are_listed_and_the_default_with_its_aliases()
    {
        await using var service = await OwnService.StartAsync(settings =>
        {
            settings["IGA_ALLOWED_MODEL_IDS"] = "gemini-3-pro-image,gemini-9-image";
            settings["IGA_VERTEXAI_IMAGE_MODEL_ID"] = "gemini-3-pro-image";
            settings["IGA_MODEL_ALIASES"] = "imagegeneration@006=gemini-3-pro-image";
        });

        var models = (await service.Client.GetFromJsonAsync<JsonElement>("/v1/models")).GetProperty("models");

        Assert.Equal(["gemini-3-pro-image", "gemini-9-image"], models.EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        Assert.Equal("imagegeneration@006", Assert.Single(models[0].GetProperty("aliases").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task What_an_alias_stands_for_is_listed_and_what_an_alias_replaces_is_not()
    {
        await using var service = await OwnService.StartAsync(settings =>
            settings["IGA_MODEL_ALIASES"] = "gemini-3-pro-image=gemini-2.5-flash-image,next=gemini-9-image");

        var models = (await service.Client.GetFromJsonAsync<JsonElement>("/v1/models")).GetProperty("models").EnumerateArray()
            .ToDictionary(model => model.GetProperty("id").GetString()!, model => model.GetProperty("aliases").GetRawText());

        Assert.DoesNotContain("gemini-3-pro-image", models.Keys);
        Assert.Equal("""["gemini-3-pro-image"]""", models["gemini-2.5-flash-image"]);
        Assert.Equal("""["next"]""", models["gemini-9-image"]);
    }

    [Fact]
    public async Task HEAD_answers_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/v1/models");
        using var response = await fixture.Service.Client.SendAsync(request);

        Assert.Equal((200, 0), ((int)response.StatusCode, (await response.Content.ReadAsByteArrayAsync()).Length));
    }
}
