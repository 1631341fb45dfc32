using Iga.Faults;

namespace Iga.GoogleCloud;

/// <summary>Proves to Google who is calling.</summary>
internal interface ICallAuthorization
{
    /// <summary>Adds the credentials' headers to the request, in place of those that it has.</summary>
    /// <param name="dependency">Who is called; decides the kind of a failure.</param>
    /// <exception cref="FailureException">
    /// The dependency's denied kind when there are no credentials, its unavailable kind when no token could be had, for
    /// whatever reason.
    /// </exception>
    Task AuthorizeAsync(HttpRequestMessage request, Dependency dependency, CancellationToken cancellationToken);

    /// <summary>Never gives this token again unless Google issues it anew; a newer one that is there already stays.</summary>
    void Drop(string token);
}
