using System.Runtime.CompilerServices;

namespace Iga.Tests.Fixtures;

/// <summary>Waits for a condition, with a deadline.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Task Async(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Async(condition, Deadline, what);

    public static Task Async(Func<bool> condition, TimeSpan deadline, string what) =>
        Async(() => Task.FromResult(condition()), deadline, what);

    public static Task Async(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Async(condition, Deadline, what);

    public static async Task Async(Func<Task<bool>> condition, TimeSpan deadline, string what)
    {
        var end = DateTime.UtcNow + deadline;
        while (!await condition())
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException($"Still not true after {deadline}: {what}");
            }

            await Task.Delay(10);
        }
    }
}
