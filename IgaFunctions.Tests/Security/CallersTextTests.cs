using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CsCheck;
using Iga.Bucket;
using Iga.Images;
using Iga.Models.Catalog;
using Iga.Tasks;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Security;

/// <summary>What a caller writes never decides where the service calls or stores.</summary>
public sealed class CallersTextTests
{
    private static readonly Gen<string> ModelIds =
        from family in Pick.From("gemini-", "gemini", "imagen-", "imagen", "imagegeneration@", "")
        from rest in Gen.OneOf(
            Pick.From(
                "x/../../../../v1/projects/other", "%2e%2e%2fy", "x:predict", "x:generateContent", "x?alt=media", "x?key=1", "x#y", "@evil.example",
                "//evil.example/x", "x\\..\\y", "..", ".", "x..y", "3-pro-image", "4.0-generate-001", "x@y", "X", "x y", "x\r\nHost: y", "ü", "x%00"),
            Pick.From("a", "z", "0", "9", ".", "@", "_", "-", "/", "\\", ":", "?", "#", "%", "&", "=", " ", ";", "+", "~", "A", "é").Array[0, 9]
                .Select(string.Concat),
            Pick.From("a", "0", ".x", "@", "_", "-").Array[0, 12].Select(string.Concat),
            Gen.Int[110, 140].Select(length => new string('l', length)))
        select family + rest;

    [Fact]
    public async Task A_model_id_that_is_accepted_reaches_just_that_models_path()
    {
        await using var vertex = await PathRecorder.StartAsync();
        var ids = ModelIds.Array[400].Single().Distinct().ToArray();
        var allowed = ids.Where(id => ModelFamily.Of(id) is not null).ToArray();
        await using var service = await OwnService.StartAsync(settings =>
        {
            settings["IGA_VERTEX_ENDPOINT"] = vertex.Address.ToString();
            settings["IGA_ALLOWED_MODEL_IDS"] = string.Join(',', allowed.Append("gemini-3.1-flash-image"));
        });
        var (accepted, refused) = (0, 0);

        await Parallel.ForEachAsync(
            ids, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (modelId, _) =>
            {
                var prompt = Guid.NewGuid().ToString();
                using var response = await service.Client.PostAsync(Caller.NewKey(), new { prompt, model_id_override = modelId });
                var body = await response.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None);
                if (response.StatusCode == HttpStatusCode.BadRequest)
                {
                    Interlocked.Increment(ref refused);
                    Assert.Equal("IGA_BAD_REQUEST_MODEL_ID", body.GetProperty("error_code").GetString());
                    return;
                }

                Interlocked.Increment(ref accepted);
                Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
                await service.Client.WaitAsync(body.GetProperty("task_id").GetGuid());
                var method = modelId.StartsWith("gemini-", StringComparison.Ordinal) ? "generateContent" : "predict";
                Assert.Equal(
                    $"{vertex.Address.Authority} /v1/projects/iga-local/locations/global/publishers/google/models/{modelId}:{method}",
                    vertex.Targets[prompt]);
            });

        Assert.Equal(allowed.Length, accepted);
        Assert.True(accepted > 20 && refused > 100, $"{accepted} accepted, {refused} refused");
    }

    [Fact]
    public void An_objects_name_holds_nothing_of_the_callers_text()
    {
        Gen.Select(Gen.String[1, 255], Gen.String[1, 200], Pick.From<ImageFormat>([.. ImageFormat.All])).Sample((key, prompt, format) =>
        {
            var fingerprint = new ImageRequest(prompt, "1:1", true, "gemini-3.1-flash-image").Fingerprint();
            Assert.Matches(
                @"\Aimages/iga/iga_req_[0-9a-f]{16}_[0-9a-f]{16}\.(png|jpg|webp)\z",
                ImageObjectName.For("images/iga/", key, fingerprint, format.Extension));
        });
    }

    [Fact]
    public void Different_requests_never_share_an_object()
    {
        Gen.Select(Gen.String[0, 20], Gen.String[0, 20]).Where(pair => pair.Item1 != pair.Item2).Sample((one, other) =>
        {
            var prompts = (string[])[one, other];
            Assert.Equal(2, prompts.Select(prompt =>
                new ImageRequest(prompt, "1:1", true, "gemini-3.1-flash-image").Fingerprint()[..16]).Distinct().Count());
            Assert.Equal(2, prompts.Select(key => ImageObjectName.For("p/", key, new string('0', 64), "png")).Distinct().Count());
        });
    }
}
