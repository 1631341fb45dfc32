using System.Buffers;
using Google.Apis.Auth.OAuth2;
using Iga.Bucket;
using Iga.Faults;
using Iga.Models;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Iga.GoogleCloud;

/// <summary>Registers the adapters that reach Google's services over plain REST.</summary>
internal static class GoogleRestServices
{
    /// <summary>
    /// Adds <see cref="IVertexTransport"/>, <see cref="IImageStore"/>, and <see cref="RestGcsTransport"/> for downloads. Needs
    /// <see cref="VertexOptions"/> and <see cref="StorageOptions"/>.
    /// </summary>
    public static IServiceCollection AddGoogleRest(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDependencyObserver, SilentObserver>();
        services.AddSingleton<ICallAuthorization>(provider => new ApplicationDefaultAuthorization(
            GoogleCredential.GetApplicationDefaultAsync, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<VertexOptions>();
            return new RestVertexTransport(
                GoogleHttp.CreateClient(options.IsEmulator), options, provider.GetRequiredService<ICallAuthorization>(),
                provider.GetRequiredService<TimeProvider>(), ArrayPool<byte>.Shared);
        });
        services.AddSingleton<IVertexTransport>(provider => provider.GetRequiredService<RestVertexTransport>());
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<StorageOptions>();
            return new RestGcsTransport(
                GoogleHttp.CreateClient(options.IsEmulator), options, provider.GetRequiredService<ICallAuthorization>(),
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<IGcsTransport>(provider => provider.GetRequiredService<RestGcsTransport>());
        services.AddSingleton<IImageStore, GcsImageStore>();
        return services;
    }
}
