using Iga.Generated;
using Iga.Generated.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

public static class MakePicture
{
    public static async Task<string> RunAsync(HttpClient http, string idempotencyKey, CancellationToken cancellationToken)
    {
        using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http)
        {
            BaseUrl = http.BaseAddress!.GetLeftPart(UriPartial.Authority),
        };
        var client = new IgaClient(adapter);
        var request = new GenerateImageRequest { Prompt = "a lighthouse at dawn", AspectRatio = AspectRatio.OneSixNine };
        var task = await client.Generate_image.PostAsync(
            request, settings => settings.Headers.Add("X-Idempotency-Key", idempotencyKey), cancellationToken);
        while (task!.Result is null)
        {
            await Task.Delay(200, cancellationToken);
            task = await client.V1.Tasks[task.TaskId!.Value].GetAsync(settings => settings.QueryParameters.Wait = 30, cancellationToken);
        }

        return task.Result.ImageUrl ?? throw new InvalidOperationException(task.Result.Error?.Message ?? task.Result.Message);
    }
}
