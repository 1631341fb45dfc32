using Google.Apis.Auth.OAuth2;
using Iga.Bucket;
using Iga.Faults;
using Iga.Models;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Iga.GoogleCloud;

/// <summary>Registers what reaches Google's services.</summary>
internal static class GoogleServices
{
    /// <summary>
    /// Adds <see cref="IVertexTransport"/> over REST, and <see cref="IImageStore"/> on Google's client of Cloud Storage. Needs
    /// <see cref="VertexOptions"/> and <see cref="StorageOptions"/>.
    /// </summary>
    public static IServiceCollection AddGoogle(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDependencyObserver, SilentObserver>();
        services.AddSingleton<ICallAuthorization>(provider => new ApplicationDefaultAuthorization(
            GoogleCredential.GetApplicationDefaultAsync, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AnswerBuffers(
            PooledBody.LargeSize, RestVertexTransport.MaxBody + 1, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<VertexOptions>();
            return new RestVertexTransport(
                ClientOf(provider, options.IsEmulator, Dependency.Model, provider.GetService<ModelConnections>()?.Most), options,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<AnswerBuffers>());
        });
        services.AddSingleton<IVertexTransport>(provider => provider.GetRequiredService<RestVertexTransport>());
        services.AddSingleton<IGcsTransport>(provider =>
        {
            var options = provider.GetRequiredService<StorageOptions>();
            return new ClientGcsTransport(GcsClient.Create(
                GoogleHttp.CreateHandler(options.IsEmulator, GoogleHttp.BucketConnections), options, provider.GetRequiredService<ICallAuthorization>(),
                provider.GetRequiredService<TimeProvider>()));
        });
        services.AddSingleton<IImageStore, GcsImageStore>();
        services.AddSingleton<IPictureUrls>(provider => new SignedPictureUrls(
            provider.GetRequiredService<StorageOptions>(), GoogleCredential.GetApplicationDefaultAsync,
            provider.GetRequiredService<IDependencyObserver>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SignedPictureUrls>>()));
        return services;
    }

    /// <summary>
    /// For the local host, after <see cref="AddGoogle"/>: replaces Google's client of Cloud Storage, which would cost it a
    /// quarter of its throughput (docs/0015).
    /// </summary>
    public static IServiceCollection AddGcsOverRest(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<StorageOptions>();
            return new RestGcsTransport(
                ClientOf(provider, options.IsEmulator, Dependency.ImageStore, GoogleHttp.BucketConnections), options,
                provider.GetRequiredService<TimeProvider>());
        });
        return services.Replace(
            ServiceDescriptor.Singleton<IGcsTransport>(provider => provider.GetRequiredService<RestGcsTransport>()));
    }

    private static HttpClient ClientOf(
        IServiceProvider provider, bool isEmulator, Dependency dependency, int? mostConnections) => GoogleHttp.CreateClient(
        GoogleHttp.CreateHandler(isEmulator, mostConnections), dependency, provider.GetRequiredService<ICallAuthorization>());
}
