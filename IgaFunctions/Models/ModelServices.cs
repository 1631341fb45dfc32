using Iga.Faults;
using Iga.Models.Catalog;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Iga.Models;

/// <summary>Registers what makes pictures.</summary>
public static class ModelServices
{
    /// <summary>
    /// Adds <see cref="IImageModel"/>. Needs <see cref="VertexOptions"/> and an <see cref="IVertexTransport"/>; an
    /// <see cref="IDependencyObserver"/> is told of every call, if one is registered.
    /// </summary>
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(ModelCatalog.BuiltIn);
        services.TryAddSingleton<IDependencyObserver, SilentObserver>();
        return services.AddSingleton<IImageModel, VertexImageModel>();
    }
}
