using System.Buffers;
using Google.Apis.Auth.OAuth2;
using Iga.Faults;
using Iga.Imaging.Vertex;
using Iga.LocalHost.Runtime;
using Iga.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Iga.LocalHost.Google;

/// <summary>Registers the adapters that reach Google's services over plain REST.</summary>
internal static class GoogleRestServices
{
    /// <summary>
    /// Adds <see cref="IVertexTransport"/>, <see cref="IImageStore"/>, and <see cref="RestGcsTransport"/> for downloads. Needs
    /// <see cref="VertexOptions"/>, <see cref="StorageOptions"/> and the durable runtime.
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
        services.AddSingleton<IVertexTransport>(provider => new LeasedVertexTransport(
            provider.GetRequiredService<RestVertexTransport>(), provider.GetRequiredService<WorkerLease>()));
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
