namespace Iga.Staging;

/// <summary>Registers where pictures wait.</summary>
public static class StagingServices
{
    /// <summary>Adds <see cref="IImageStaging"/>. Needs <see cref="StagingOptions"/>.</summary>
    public static IServiceCollection AddStaging(this IServiceCollection services) =>
        services.AddSingleton<IImageStaging>(provider =>
        {
            var options = provider.GetRequiredService<StagingOptions>();
            return options.BlobConnectionString is null ? new DirectoryImageStaging(options) : new BlobImageStaging(options);
        });
}
