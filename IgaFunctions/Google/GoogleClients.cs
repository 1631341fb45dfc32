using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.Cloud.AIPlatform.V1;
using Google.Cloud.Storage.V1;
using Iga.Imaging.Vertex;
using Iga.Storage;

namespace Iga.Google;

/// <summary>Registers the adapters on Google's own client packages.</summary>
public static class GoogleClients
{
    public static IServiceCollection AddGoogleClients(this IServiceCollection services)
    {
        services.AddSingleton(provider => CreatePredictionClient(provider.GetRequiredService<VertexOptions>()));
        services.AddSingleton(provider => CreateStorageClient(provider.GetRequiredService<StorageOptions>()));
        services.AddSingleton<IVertexTransport, ClientVertexTransport>();
        services.AddSingleton<IGcsTransport, ClientGcsTransport>();
        services.AddSingleton<IImageStore, GcsImageStore>();
        return services;
    }

    /// <remarks>
    /// An emulator speaks REST on plain http and is given no credentials; Google itself is called over gRPC with the default
    /// credentials of the environment.
    /// </remarks>
    internal static PredictionServiceClient CreatePredictionClient(VertexOptions options) => options.IsEmulator
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

    internal static StorageClient CreateStorageClient(StorageOptions options) => options.IsEmulator
        ? new StorageClientBuilder
        {
            BaseUri = new Uri(options.Endpoint, "storage/v1/").ToString(),
            UnauthenticatedAccess = true,
        }.Build()
        : StorageClient.Create();
}
