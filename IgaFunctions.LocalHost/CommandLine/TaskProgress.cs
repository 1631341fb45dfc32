using System.Globalization;
using Spectre.Console;

namespace Iga.LocalHost.CommandLine;

/// <summary>Shows how a task is doing: a spinner on a terminal, one plain line a state elsewhere.</summary>
internal sealed class TaskProgress(IAnsiConsole? terminal, TextWriter plain)
{
    /// <param name="work">Is given what to call with each state and the time since the start.</param>
    public Task<T> RunAsync<T>(Func<Action<string, TimeSpan>, Task<T>> work)
    {
        if (terminal is not null)
        {
            return terminal.Status().Spinner(Spinner.Known.Dots).StartAsync("Submitting", spinner =>
                work((state, elapsed) => spinner.Status($"{Markup.Escape(Words(state))} {Seconds(elapsed)}")));
        }

        string? shown = null;
        return work((state, elapsed) =>
        {
            if (state != shown)
            {
                shown = state;
                plain.WriteLine($"{Words(state)} {Seconds(elapsed)}");
            }
        });
    }

    public static string Seconds(TimeSpan elapsed) =>
        elapsed.TotalSeconds.ToString(elapsed.TotalSeconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + " s";

    private static string Words(string state) => state switch
    {
        "PENDING" => "Waiting to begin",
        "STARTED" => "Generating",
        "RETRY" => "Google is busy or out of reach, waiting to try again",
        "SUCCESS" => "Downloading",
        _ => state,
    };
}
