using Iga.Faults;

namespace Iga.Bucket;

/// <summary>Makes addresses by which a picture can be had without the service, for a while and by whoever knows them.</summary>
public interface IPictureUrls
{
    /// <returns>An address for GET alone, of just this version of the object; null where the service's credentials can't sign one.</returns>
    /// <exception cref="FailureException">Kind storage_unavailable: who signs is out of reach at the moment.</exception>
    Task<Uri?> SignAsync(StoredPicture picture, CancellationToken cancellationToken);
}
