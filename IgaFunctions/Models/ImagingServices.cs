using Iga.Faults;
using Iga.Staging;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Iga.Models;

/// <summary>Registers what makes pictures and keeps them until they are stored.</summary>
public static class ImagingServices
{
    /// <summary>
    /// Adds <see cref="IImageModel"/> and <see cref="IImageStaging"/>. Needs <see cref="VertexOptions"/>,
    /// <see cref="StagingOptions"/> and an <see cref="IVertexTransport"/>; an <see cref="IDependencyObserver"/> is told of
    /// every call, if one is registered.
    /// </summary>
    public static IServiceCollection AddImaging(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDependencyObserver, SilentObserver>();
        services.AddSingleton<IImageModel, VertexImageModel>();
        services.AddSingleton<IImageStaging>(provider =>
        {
            var options = provider.GetRequiredService<StagingOptions>();
            return options.BlobConnectionString is null ? new DirectoryImageStaging(options) : new BlobImageStaging(options);
        });
        return services;
    }
}
