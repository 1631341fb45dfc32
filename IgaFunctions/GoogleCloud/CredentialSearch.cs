using Google.Apis.Auth.OAuth2;

namespace Iga.GoogleCloud;

/// <summary>
/// Looks for Google's application default credentials at the start, so that a machine without any says so then, and not with the first
/// task. Whether Google accepts them is not asked: it may be out of reach for a while.
/// </summary>
internal static class CredentialSearch
{
    /// <summary>A file takes milliseconds; a metadata server that is not there is given up by the library in about a second.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    internal enum Result
    {
        /// <summary>There are credentials, of a form that Google's library understands.</summary>
        Found,

        /// <summary>There are none, or none that can be used.</summary>
        Missing,

        /// <summary>It took too long to find out.</summary>
        Unanswered,
    }

    public static async Task<Result> RunAsync(
        Func<CancellationToken, Task<GoogleCredential>> lookUp, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await lookUp(cancellationToken).WaitAsync(Patience, time, cancellationToken);
            return Result.Found;
        }
        catch (TimeoutException)
        {
            return Result.Unanswered;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The library throws whatever reading and parsing a file throws. Its message is not shown: it may hold a part of the file.
            return Result.Missing;
        }
    }
}
