using System.Globalization;
using Iga.Http;

namespace Iga.Waiting;

/// <summary>The query <c>?wait=N</c>: for how many seconds a poll may wait for the end of the task.</summary>
internal static class WaitQuery
{
    public const string Name = "wait";

    /// <exception cref="RejectedException">It is no whole number from 0 to 60, or given more than once.</exception>
    public static TimeSpan Read(IQueryCollection query)
    {
        if (!query.TryGetValue(Name, out var values))
        {
            return TimeSpan.Zero;
        }

        return values is [{ } text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= WaitPreference.Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw QueryReader.Wrong(Name, $"must be a whole number of seconds from 0 to {WaitPreference.Longest.TotalSeconds:0}, given once");
    }
}
