using Iga.Faults;

namespace Iga.GoogleCloud;

/// <summary>Proves to Google who is calling.</summary>
internal interface ICallAuthorization
{
    /// <summary>Adds the credentials' headers to the request.</summary>
    /// <param name="dependency">Who is called; decides the kind of a failure.</param>
    /// <exception cref="FailureException">
    /// The dependency's denied kind when there are no (valid) credentials, its unavailable kind when no token could be
    /// had at the moment.
    /// </exception>
    Task AuthorizeAsync(HttpRequestMessage request, Dependency dependency, CancellationToken cancellationToken);
}
