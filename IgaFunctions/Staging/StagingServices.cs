using Iga.Postgres;

namespace Iga.Staging;

/// <summary>Registers where pictures wait.</summary>
public static class StagingServices
{
    /// <summary>Adds <see cref="IImageStaging"/>. Needs <see cref="StagingOptions"/> and <see cref="DatabaseIdentity"/>.</summary>
    public static IServiceCollection AddStaging(this IServiceCollection services) =>
        services.AddSingleton<IImageStaging>(provider =>
        {
            var options = provider.GetRequiredService<StagingOptions>();
            var database = provider.GetRequiredService<DatabaseIdentity>();
            return options.BlobConnectionString is null
                ? new DirectoryImageStaging(options, database)
                : new BlobImageStaging(options, database);
        });
}
