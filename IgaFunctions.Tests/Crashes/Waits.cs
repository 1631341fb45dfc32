using System.Runtime.CompilerServices;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Crashes;

/// <summary>Waits for a condition, long enough for processes that start and recover on a machine busy with other tests.</summary>
internal static class Waits
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        UntilAsync(() => Task.FromResult(condition()), what);

    public static Task UntilAsync(
        Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Eventually.Async(condition, Limit, what);
}
