using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.Cloud.AIPlatform.V1;
using Iga.Models;

namespace Iga.GoogleCloud.AIPlatform;

/// <summary>Registers Google's own client for Vertex AI.</summary>
internal static class AIPlatformServices
{
    /// <summary>Takes the place of the <see cref="IVertexTransport"/> that is registered. Needs <see cref="VertexOptions"/>.</summary>
    public static IServiceCollection AddAIPlatform(this IServiceCollection services)
    {
        services.AddSingleton(provider => CreateClient(provider.GetRequiredService<VertexOptions>()));
        services.AddSingleton<IVertexTransport, ClientVertexTransport>();
        return services;
    }

    /// <remarks>
    /// An emulator speaks REST on plain http and is given no credentials; Google itself is called over gRPC with the default
    /// credentials of the environment.
    /// </remarks>
    private static PredictionServiceClient CreateClient(VertexOptions options) => options.IsEmulator
        ? new PredictionServiceClientBuilder
        {
            Endpoint = options.Endpoint.ToString().TrimEnd('/'),
            GrpcAdapter = RestGrpcAdapter.Default,
            ChannelCredentials = Grpc.Core.ChannelCredentials.Insecure,
        }.Build()
        : new PredictionServiceClientBuilder
        {
            Endpoint = options.Endpoint.Authority,
            GrpcChannelOptions = GrpcChannelOptions.Empty.WithMaxReceiveMessageSize(ClientVertexTransport.MaxReply),
        }.Build();
}
