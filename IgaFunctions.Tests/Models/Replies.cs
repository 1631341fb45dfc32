namespace Iga.Tests.Models;

/// <summary>Answers of Vertex AI.</summary>
internal static class Replies
{
    public static string Predict(byte[] picture) =>
        $$"""{"predictions":[{"mimeType":"image/png","bytesBase64Encoded":"{{Convert.ToBase64String(picture)}}"}]}""";

    public static string Gemini(byte[] picture, string mimeType = "image/png") =>
        $$$"""
        {"candidates":[{"content":{"role":"model","parts":[{"text":"Here it is."},
          {"inlineData":{"mimeType":"{{{mimeType}}}","data":"{{{Convert.ToBase64String(picture)}}}"}}]},
          "finishReason":"STOP"}],"usageMetadata":{"totalTokenCount":1300}}
        """;

    public static string Error(string status, string message) =>
        $$$"""{"error":{"code":0,"message":"{{{message}}}","status":"{{{status}}}"}}""";

    public static string Finished(string reason) => $$"""{"candidates":[{"finishReason":"{{reason}}"}]}""";
}
